// The built-in pages for answers that are not the application's: small, readable, with the request id.
#pragma once
#include <cstdint>
#include <string_view>

#include "frontend/answer/answer.hpp"

namespace bundle {

// The body carries the status, what it means for a person, and the request id ("" : none is shown).
// `accept` is the request's Accept field: JSON for clients that prefer it, plain text for those that take
// no HTML, else HTML.
Answer error_page(std::uint16_t status, std::string_view request_id, std::string_view accept);

}  // namespace bundle
