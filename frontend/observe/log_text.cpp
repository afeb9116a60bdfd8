#include "frontend/observe/log_text.hpp"

#include <fmt/format.h>

#include "shared/config/option/utf8.hpp"

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
    const bool keeps_high = is_ascii || config::is_utf8(text);
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

void append_number(std::string& out, std::uint64_t number) {
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
