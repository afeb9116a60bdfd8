#include "frontend/request/request_target.hpp"

#include <algorithm>
#include <array>

#include "frontend/request/authority.hpp"
#include "shared/http/percent.hpp"
#include "shared/http/url_path.hpp"

namespace bundle {

namespace {

enum class TargetByte : unsigned char { Ordinary, Raw, Forbidden };

constexpr auto kTargetBytes = [] {
    std::array<TargetByte, 256> kinds{};
    for (std::size_t byte = 0; byte < kinds.size(); ++byte)
        kinds[byte] = byte <= 0x20 || byte == 0x7f ? TargetByte::Forbidden
                      : byte >= 0x80               ? TargetByte::Raw
                                                   : TargetByte::Ordinary;
    for (const char c : std::string_view("#\"<>"))
        kinds[static_cast<unsigned char>(c)] = TargetByte::Forbidden;
    return kinds;
}();

constexpr TargetByte kind_of(char c) { return kTargetBytes[static_cast<unsigned char>(c)]; }

// What follows "http://" or "https://"; nothing for another form.
std::optional<std::string_view> after_scheme(std::string_view target) {
    for (const std::string_view scheme : {"http://", "https://"})
        if (equals_ignoring_case(target.substr(0, scheme.size()), scheme))
            return target.substr(scheme.size());
    return std::nullopt;
}

void split_path(std::string_view path_and_query, RequestTarget& parts) {
    const auto mark = path_and_query.find('?');
    parts.path = path_and_query.substr(0, mark);
    parts.query =
        mark == std::string_view::npos ? std::string_view{} : path_and_query.substr(mark + 1);
}

}  // namespace

std::optional<Refusal> read_target(std::string_view method, std::string_view target,
                                   RequestTarget& parts) {
    parts = {};
    for (const char c : target) {
        const auto kind = kind_of(c);
        if (kind == TargetByte::Forbidden)
            return Refusal{400, "forbidden byte in the request target"};
        if (kind == TargetByte::Raw) parts.has_raw_bytes = true;
    }
    if (target.starts_with('/')) {
        split_path(target, parts);
        return std::nullopt;
    }
    if (target == "*") {
        if (method != "OPTIONS") return Refusal{400, "request target * without OPTIONS"};
        parts.path = target;
        return std::nullopt;
    }
    const auto rest = after_scheme(target);
    if (!rest) return Refusal{400, "request target is neither a path nor an http URL"};
    const auto authority_size = std::min(rest->find_first_of("/?"), rest->size());
    parts.authority = rest->substr(0, authority_size);
    if (!is_valid_authority(parts.authority))
        return Refusal{400, "request target with a malformed authority"};
    split_path(rest->substr(authority_size), parts);
    return std::nullopt;
}

std::optional<Refusal> resolve_target_path(std::string_view method, const RequestTarget& parts,
                                           std::string& path) {
    if (parts.path == "*") {
        path = parts.path;
        return std::nullopt;
    }
    if (parts.path.empty()) {
        // "OPTIONS http://host" is how a proxy is asked for "OPTIONS *" (RFC 9112 section 3.2.4).
        path = method == "OPTIONS" && parts.query.empty() ? "*" : "/";
        return std::nullopt;
    }
    switch (resolve_path(parts.path, path)) {
        case PathVerdict::Good:
            return std::nullopt;
        case PathVerdict::NotAbsolute:
            return Refusal{400, "path does not begin with a slash"};
        case PathVerdict::BadPercentEncoding:
            return Refusal{400, "bad percent-encoding in the path"};
        case PathVerdict::NulByte:
            return Refusal{400, "NUL in the path"};
        case PathVerdict::AboveRoot:
            return Refusal{400, "path above the root"};
    }
    return std::nullopt;
}

std::size_t encode_raw_bytes(std::string& text, std::size_t begin, std::size_t size) {
    std::string encoded;
    for (const char c : std::string_view(text).substr(begin, size)) {
        if (kind_of(c) == TargetByte::Raw)
            append_percent_encoded(encoded, c);
        else
            encoded.push_back(c);
    }
    text.replace(begin, size, encoded);
    return encoded.size();
}

}  // namespace bundle
