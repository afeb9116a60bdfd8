// A text as a terminal is to show it in place of what it showed before.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace bundle {

// Cut to so many rows and columns, a column for each character; 0: however many there are. Lines
// that begin at the margin are bold up to their first space.
std::string screen_of(std::string_view text, std::size_t rows, std::size_t columns);

}  // namespace bundle
