// The fields of a whole head, told apart by llhttp.
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

#include "frontend/request/request_head.hpp"

namespace bundle::http1 {

// `head` is a request line and `count` field lines with the empty line at the end (line_scan.hpp).
// Sets `fields` to views into it, names as sent, values with white space at their end. A head in
// which llhttp finds another end or another number of lines than our own scan is refused: whatever
// one of the two takes for a line end and the other does not, no request comes of it. When refused,
// `fields` holds those before.
std::optional<Refusal> read_field_lines(std::string_view head, std::size_t count, Headers& fields);

}  // namespace bundle::http1
