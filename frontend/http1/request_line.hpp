// The first line of a request (RFC 9112 section 3).
#pragma once
#include <optional>
#include <string_view>

#include "frontend/request/request_head.hpp"
#include "frontend/request/request_target.hpp"

namespace bundle::http1 {

// Views into the line.
struct RequestLine {
    std::string_view method;
    std::string_view target;
    HttpVersion version = HttpVersion::Http11;
    RequestTarget parts;
};

// Of every version of HTTP.
std::optional<Refusal> check_method(std::string_view method);

// Reads "METHOD target HTTP/1.1", divided by single spaces. The path is not looked into.
std::optional<Refusal> read_request_line(std::string_view line, RequestLine& into);

}  // namespace bundle::http1
