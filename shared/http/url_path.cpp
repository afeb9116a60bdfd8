#include "shared/http/url_path.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "shared/http/percent.hpp"

namespace bundle {

namespace {

// Appends `encoded` to `path`, decoded.
PathVerdict decode(std::string_view encoded, std::string& path) {
    for (;;) {
        const auto percent = encoded.find('%');
        path.append(encoded.substr(0, percent));
        if (percent == std::string_view::npos) return PathVerdict::Good;
        if (encoded.size() - percent < 3) return PathVerdict::BadPercentEncoding;
        const int high = hex_value(encoded[percent + 1]);
        const int low = hex_value(encoded[percent + 2]);
        if (high < 0 || low < 0) return PathVerdict::BadPercentEncoding;
        path.push_back(static_cast<char>(high << 4 | low));
        encoded.remove_prefix(percent + 3);
    }
}

// Whether the path holds an empty segment or one that begins with a dot.
bool may_need_resolving(std::string_view path) {
    char before = 'x';
    for (const char c : path) {
        if (before == '/' && (c == '/' || c == '.')) return true;
        before = c;
    }
    return false;
}

// Resolves "." and ".." and merges slashes in place: what is written never overtakes what is read.
PathVerdict resolve_segments(std::string& path) {
    std::size_t written = 0;  // path[0, written) is resolved; the slash after it is not written yet
    for (std::size_t slash = 0; slash < path.size();) {
        const std::size_t end = std::min(path.find('/', slash + 1), path.size());
        const bool last = end == path.size();
        const auto segment = std::string_view(path).substr(slash + 1, end - slash - 1);
        if (segment == "..") {
            if (written == 0) return PathVerdict::AboveRoot;
            written = path.rfind('/', written - 1);
        }
        if (segment.empty() || segment == "." || segment == "..") {
            if (last) path[written++] = '/';
        } else {
            std::memmove(path.data() + written, path.data() + slash, end - slash);
            written += end - slash;
        }
        slash = end;
    }
    path.resize(written);
    return PathVerdict::Good;
}

// pchar of RFC 3986 without "%", and "/".
constexpr auto kPathByte = [] {
    std::array<bool, 256> allowed{};
    for (const char c :
         std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                          "-._~!$&'()*+,;=:@/"))
        allowed[static_cast<unsigned char>(c)] = true;
    return allowed;
}();

}  // namespace

PathVerdict resolve_path(std::string_view encoded, std::string& path) {
    path.clear();
    if (!encoded.starts_with('/')) return PathVerdict::NotAbsolute;
    if (const auto verdict = decode(encoded, path); verdict != PathVerdict::Good) return verdict;
    if (path.find('\0') != std::string::npos) return PathVerdict::NulByte;
    if (!may_need_resolving(path)) return PathVerdict::Good;
    return resolve_segments(path);
}

bool has_dot_dot(std::string_view encoded) {
    std::string path;
    if (decode(encoded, path) != PathVerdict::Good) path = encoded;
    for (std::string_view rest = path; !rest.empty();) {
        const auto end = std::min(rest.find('/'), rest.size());
        if (rest.substr(0, end) == "..") return true;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
}

std::string encoded_path(std::string_view path) {
    std::string encoded;
    encoded.reserve(path.size());
    for (const char c : path) {
        if (kPathByte[static_cast<unsigned char>(c)])
            encoded.push_back(c);
        else
            append_percent_encoded(encoded, c);
    }
    return encoded;
}

}  // namespace bundle
