// Any bytes as a request target are refused, or fall apart into parts that make them up again; the
// path that comes of them holds nothing that could lead a file or a route astray; and spelling raw
// bytes as "%XX" changes the spelling alone.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "frontend/request/authority.hpp"
#include "frontend/request/request_target.hpp"
#include "shared/base/check.hpp"

namespace bundle {

namespace {

struct Read {
    RequestTarget parts;
    std::string path;
    bool good = false;  // target and path
};

Read read_whole(std::string_view method, std::string_view target) {
    Read read;
    if (read_target(method, target, read.parts)) return read;
    read.good = !resolve_target_path(method, read.parts, read.path);
    return read;
}

void check_parts(std::string_view method, std::string_view target, const RequestTarget& parts) {
    const bool has_bad_byte = std::any_of(target.begin(), target.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte <= 0x20 || byte == 0x7f || std::string_view("#\"<>").find(c) < 4;
    });
    BUNDLE_CHECK(!has_bad_byte);
    BUNDLE_CHECK(parts.path != "*" || method == "OPTIONS");
    BUNDLE_CHECK(parts.path == "*" || parts.path.empty() || parts.path.starts_with('/'));
    BUNDLE_CHECK(parts.path.find('?') == std::string_view::npos);
    BUNDLE_CHECK(parts.authority.empty() || is_valid_authority(parts.authority));

    const auto scheme =
        parts.authority.empty() ? std::string_view() : target.substr(0, target.find("//") + 2);
    std::string again = std::string(scheme).append(parts.authority).append(parts.path);
    if (again.size() < target.size()) again.append("?").append(parts.query);
    BUNDLE_CHECK(again == target);
}

void check_path(std::string_view path) {
    if (path == "*") return;
    BUNDLE_CHECK(path.starts_with('/'));
    const std::string closed = std::string(path) + '/';
    BUNDLE_CHECK(closed.find("/../") == std::string::npos);
    BUNDLE_CHECK(closed.find("/./") == std::string::npos);
    BUNDLE_CHECK(path.find("//") == std::string_view::npos);
    BUNDLE_CHECK(path.find('\0') == std::string_view::npos);
}

void check_encoding(std::string_view method, std::string_view target, const Read& read) {
    const std::string before = "GET ";
    std::string line = before + std::string(target) + " HTTP/1.1";
    const auto size = encode_raw_bytes(line, before.size(), target.size());
    const auto encoded = std::string_view(line).substr(before.size(), size);

    BUNDLE_CHECK(line.ends_with(" HTTP/1.1") && line.size() == before.size() + size + 9);
    BUNDLE_CHECK(read.parts.has_raw_bytes == (encoded != target));
    const Read again = read_whole(method, encoded);
    BUNDLE_CHECK(again.good && !again.parts.has_raw_bytes);
    BUNDLE_CHECK(again.path == read.path);
    BUNDLE_CHECK(again.parts.authority == read.parts.authority);
}

void check(std::string_view method, std::string_view target) {
    const Read read = read_whole(method, target);
    if (!read.good) return;
    check_parts(method, target, read.parts);
    check_path(read.path);
    check_encoding(method, target, read);
}

}  // namespace

}  // namespace bundle

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view target(reinterpret_cast<const char*>(data), size);

    bundle::check("GET", target);
    bundle::check("OPTIONS", target);
    return 0;
}
