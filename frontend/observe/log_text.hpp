// Values in a line of the access log. Everything from the client is escaped, so that no client can
// forge a line or a field of one.
#pragma once
#include <cstdint>
#include <string>

#include "shared/base/escaped_text.hpp"
#include "shared/base/json_text.hpp"

namespace bundle {

void append_number(std::string& out, std::uint64_t number);
void append_signed(std::string& out, std::int64_t number);
// "3.001", with so many digits behind the point, of a number of such parts.
void append_decimal(std::string& out, std::uint64_t parts, unsigned digits);

}  // namespace bundle
