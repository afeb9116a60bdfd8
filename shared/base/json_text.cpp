#include "shared/base/json_text.hpp"

#include <array>
#include <cstddef>

#include "shared/base/utf8.hpp"

namespace bundle {

namespace {

constexpr std::array<bool, 256> bytes_to_escape_in_json() {
    std::array<bool, 256> escaped{};
    for (std::size_t byte = 0; byte < escaped.size(); ++byte)
        escaped.at(byte) = byte < 0x20 || byte == 0x7f || byte == '"' || byte == '\\';
    return escaped;
}

}  // namespace

void append_json(std::string& out, std::string_view text) {
    static constexpr auto kEscaped = bytes_to_escape_in_json();
    static constexpr std::string_view kDigits = "0123456789abcdef";
    bool is_ascii = true;
    for (const char c : text) is_ascii &= static_cast<unsigned char>(c) < 0x80;
    const bool keeps_high = is_ascii || is_utf8(text);
    out += '"';
    std::size_t plain = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (!kEscaped[byte] && (byte < 0x80 || keeps_high)) continue;
        out.append(text, plain, at - plain);
        out += "\\u00";
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
        plain = at + 1;
    }
    out.append(text, plain);
    out += '"';
}

std::string json_text(std::string_view text) {
    std::string out;
    append_json(out, text);
    return out;
}

}  // namespace bundle
