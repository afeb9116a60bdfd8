#include "backend/wsgi/log_text.hpp"

#include <fmt/format.h>

namespace bundle {

namespace {

bool is_control(unsigned char byte) { return (byte < 0x20 && byte != '\t') || byte == 0x7f; }

// U+0080 to U+009F, which terminals obey as well: C2 and the code itself in UTF-8.
bool starts_c1_control(std::string_view text) {
    return text.size() > 1 && text[0] == '\xc2' && static_cast<unsigned char>(text[1]) < 0xa0;
}

}  // namespace

std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (is_control(byte) || starts_c1_control(text.substr(at)))
            fmt::format_to(std::back_inserter(out), "\\x{:02x}", byte);
        else
            out += text[at];
    }
    return out;
}

std::string indented_lines(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        out += "\n    " + printable(text.substr(0, end));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return out;
}

}  // namespace bundle
