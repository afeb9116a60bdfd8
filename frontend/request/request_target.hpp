// The target of a request line (RFC 9112 section 3.2) and what it says.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "frontend/request/request_head.hpp"

namespace bundle {

// Views into the target.
struct RequestTarget {
    std::string_view authority;  // of the absolute form, else ""
    std::string_view path;       // percent-encoded; "*" and "" as received
    std::string_view query;
    bool has_raw_bytes = false;  // bytes >= 0x80, which curl sends and the RFC does not know
};

// Takes what browsers and curl send: they follow the WHATWG's idea of a URL, so `{}|^[]\'` and the
// back quote come raw, and a lone "%" in a query. Control bytes, space, "#" and `"<>` have no
// business in a request line. Accepted are "/path?query", "http://host/path?query" and, for
// OPTIONS, "*"; "host:port" is for CONNECT, which we do not have. The path is looked into by
// resolve_target_path().
std::optional<Refusal> read_target(std::string_view method, std::string_view target,
                                   RequestTarget& parts);

// RequestHead::path for the target, see shared/http/url_path.hpp.
std::optional<Refusal> resolve_target_path(std::string_view method, const RequestTarget& parts,
                                           std::string& path);

// Percent-encodes raw bytes in text[begin, begin + size) in place; gives the new size.
std::size_t encode_raw_bytes(std::string& text, std::size_t begin, std::size_t size);

}  // namespace bundle
