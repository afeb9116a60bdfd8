// The built-in pages for answers that are not the application's: small, readable, with the request
// id.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "frontend/answer/answer.hpp"

namespace bundle {

struct ErrorPageRequest {
    std::string_view request_id = {};  // "": none is shown
    // The request's Accept field: JSON for clients that prefer it, plain text for those that take
    // no HTML, else HTML.
    std::string_view accept = {};
    // What the status demands besides: Allow, Content-Range, Retry-After. Copied.
    std::span<const HeaderField> more_fields = {};
};

// The body carries the status, what it means for a person, and the request id. It never depends on
// a disk.
Answer error_page(std::uint16_t status, const ErrorPageRequest& request);

}  // namespace bundle
