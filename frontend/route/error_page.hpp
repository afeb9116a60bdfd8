// The built-in pages for answers that are not the application's: small, readable, with the request
// id.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "frontend/answer/answer.hpp"

namespace bundle {

struct ErrorPageRequest {
    std::string_view request_id = {};  // "": none is shown
    // The request's Accept field: JSON for clients that prefer it, plain text for those that take
    // no HTML, else HTML.
    std::string_view accept = {};
    // Of a 503: the site is closed, and not busy.
    bool in_maintenance = false;
    // What the status demands besides: Allow, Content-Range, Retry-After. Copied.
    std::span<const HeaderField> more_fields = {};
};

// The body carries the status, what it means for a person, and the request id. It never depends on
// a disk.
Answer error_page(std::uint16_t status, const ErrorPageRequest& request);

// The same from a body that is there already: of a file (error_files.hpp).
struct ErrorBody {
    std::string_view bytes;
    std::string_view content_type;
    std::shared_ptr<const void> owner;  // keeps both alive
};
Answer error_answer(std::uint16_t status, ErrorBody body, std::span<const HeaderField> more_fields);

}  // namespace bundle
