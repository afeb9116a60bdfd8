// What an application wrote, made fit for the log: it may carry anything that a client sent.
#pragma once
#include <string>
#include <string_view>

namespace bundle {

// Control characters as \x1b, so that nothing moves the cursor of whoever reads the log; UTF-8
// stays readable.
std::string printable(std::string_view text);

// Each line below the record's first one and indented, so that none can pass for a record of its
// own.
std::string indented_lines(std::string_view text);

}  // namespace bundle
