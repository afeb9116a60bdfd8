#include "backend/output/log_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bundle {

namespace {

// How many bytes at the start of `text` are a control character. U+0080 to U+009F, which terminals
// obey as well, are two bytes of UTF-8: C2 and the code itself.
std::size_t control_size(std::string_view text) {
    const auto byte = static_cast<unsigned char>(text[0]);
    if (byte == 0xc2 && text.size() > 1 && static_cast<unsigned char>(text[1]) < 0xa0) return 2;
    return (byte < 0x20 && byte != '\t') || byte == 0x7f ? 1 : 0;
}

}  // namespace

std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t control = control_size(text);
        for (const char c : text.substr(0, control))
            fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(c));
        if (control == 0) out += text[0];
        text.remove_prefix(std::max<std::size_t>(control, 1));
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
