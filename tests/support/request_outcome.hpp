// What RequestParser makes of the bytes of a connection.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/http1/request_parser.hpp"

namespace bundle::http1 {

inline constexpr HeadLimits kTestLimits{.max_request_line = 8_KiB,
                                        .max_headers = 100,
                                        .max_header_size = 8_KiB,
                                        .max_head_size = 64_KiB};

struct HeardRequest {
    std::string method;
    std::string path;
    std::string query;
    std::string body;
    std::size_t end = 0;  // where it ended in the bytes

    friend bool operator==(const HeardRequest&, const HeardRequest&) = default;
};

struct HeardConnection {
    std::vector<HeardRequest> requests;
    bool incomplete = false;   // one more had begun
    std::uint16_t status = 0;  // of a refusal
    std::string_view reason;

    friend bool operator==(const HeardConnection&, const HeardConnection&) = default;
};

// Feeds `bytes` in parts of `step`, as a connection does that is kept alive.
HeardConnection heard_in_parts(std::string_view bytes, std::size_t step,
                               const HeadLimits& limits = kTestLimits);

// Every request as "GET /path?query", with "(body)" when it has one; a refusal as its status, an
// incomplete request as "...": "POST /a(xyz) GET /b 400".
std::string told(const HeardConnection& heard);

}  // namespace bundle::http1
