// The fields of a whole head, told apart by llhttp.
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

#include "frontend/request/request_head.hpp"

namespace bundle::http1 {

// `head` is a request line and fields with the empty line at the end, its line ends checked
// (line_scan.hpp). Appends views into it, names as sent, values with white space at their end.
// `count` is the number of field lines; a reading of llhttp's that finds another number is refused.
std::optional<Refusal> read_field_lines(std::string_view head, std::size_t count, Headers& fields);

}  // namespace bundle::http1
