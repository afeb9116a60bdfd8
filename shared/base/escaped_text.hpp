// What clients sent, in a line for people: escaped, so that no client can forge a line or a field
// of one, or move the cursor of whoever reads it.
#pragma once
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace bundle {

// Where the text stands between quotes, a space is part of it; outside, it would begin a field of
// its own.
enum class Spaces { Keep, Escape };

constexpr std::array<bool, 256> bytes_to_escape(Spaces spaces) {
    std::array<bool, 256> escaped{};
    for (std::size_t byte = 0; byte < escaped.size(); ++byte)
        escaped.at(byte) = byte < 0x20 || byte >= 0x7f || byte == '"' || byte == '\\';
    escaped[' '] = spaces == Spaces::Escape;
    return escaped;
}

// As nginx does: \x22 for a quote.
template <Spaces kSpaces>
void append_escaped(std::string& out, std::string_view text) {
    static constexpr auto kEscaped = bytes_to_escape(kSpaces);
    static constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::size_t plain = 0;  // what stands before `at` and is not yet in `out` needs no escape
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (!kEscaped[byte]) continue;
        out.append(text, plain, at - plain);
        out += "\\x";
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
        plain = at + 1;
    }
    out.append(text, plain);
}

// The same; "-" when there is none.
template <Spaces kSpaces>
void append_or_dash(std::string& out, std::string_view text) {
    if (text.empty()) out += '-';
    append_escaped<kSpaces>(out, text);
}

}  // namespace bundle
