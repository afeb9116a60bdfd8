#include "shared/command/screen_text.hpp"

#include <algorithm>

namespace bundle {

namespace {

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

std::string_view cut(std::string_view line, std::size_t columns) {
    std::size_t end = 0;
    for (std::size_t shown = 0; end < line.size(); ++end)
        if (!continues_character(line[end]) && shown++ == columns) break;
    return line.substr(0, end);
}

void append_line(std::string& out, std::string_view line) {
    const bool is_heading = !line.empty() && line.front() != ' ';
    const std::size_t bold = is_heading ? std::min(line.find(' '), line.size()) : 0;
    if (is_heading) out.append("\x1b[1m").append(line.substr(0, bold)).append("\x1b[0m");
    out.append(line.substr(bold)).append("\x1b[K");
}

}  // namespace

std::string screen_of(std::string_view text, std::size_t rows, std::size_t columns) {
    std::string out = "\x1b[H";
    for (std::size_t row = 0; !text.empty() && (rows == 0 || row < rows); ++row) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (row > 0) out += "\r\n";
        append_line(out, columns == 0 ? text.substr(0, end) : cut(text.substr(0, end), columns));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out += "\x1b[J";
}

}  // namespace bundle
