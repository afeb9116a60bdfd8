#include "frontend/observe/log_text.hpp"

#include <fmt/format.h>

namespace bundle {

void append_number(std::string& out, std::uint64_t number) {
    const fmt::format_int written(number);
    out.append(written.data(), written.size());
}

void append_signed(std::string& out, std::int64_t number) {
    const fmt::format_int written(number);
    out.append(written.data(), written.size());
}

void append_decimal(std::string& out, std::uint64_t parts, unsigned digits) {
    std::uint64_t whole = 1;
    for (unsigned i = 0; i < digits; ++i) whole *= 10;
    append_number(out, parts / whole);
    out += '.';
    const fmt::format_int written(parts % whole);
    out.append(digits - written.size(), '0');
    out.append(written.data(), written.size());
}

}  // namespace bundle
