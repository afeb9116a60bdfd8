// A second reading of HTTP/1 requests, straight from RFC 9112: slow, whole and strict, and sharing
// nothing with RequestParser. What the parser accepts, this must accept with the same body and the
// same end.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace bundle::http1 {

enum class ReferenceVerdict { Accepted, Incomplete, Rejected };

struct ReferenceRequest {
    ReferenceVerdict verdict = ReferenceVerdict::Rejected;
    std::string method;
    std::string target;
    std::string body;
    std::size_t end = 0;  // in the bytes, when accepted
    // Of a kind that llhttp refuses though the RFC allows it; no harm comes from that.
    bool is_unusual = false;
};

// The request that `bytes` begin with.
ReferenceRequest reference_request(std::string_view bytes);

// The chunked body, trailer section included, that `bytes` begin with; only its body and end are
// set.
ReferenceRequest reference_chunked_body(std::string_view bytes);

}  // namespace bundle::http1
