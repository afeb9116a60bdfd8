// Tokens and the lists made of them (RFC 9110 sections 5.6.1 and 5.6.2).
#pragma once
#include <algorithm>
#include <array>
#include <string_view>

namespace bundle {

inline constexpr auto kTokenBytes = [] {
    std::array<bool, 256> allowed{};
    for (const char c :
         std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                          "!#$%&'*+-.^_`|~"))
        allowed[static_cast<unsigned char>(c)] = true;
    return allowed;
}();

constexpr bool is_token_byte(char c) { return kTokenBytes[static_cast<unsigned char>(c)]; }

constexpr bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_byte);
}

constexpr bool is_white_space(char c) { return c == ' ' || c == '\t'; }

constexpr std::string_view without_white_space_around(std::string_view text) {
    while (!text.empty() && is_white_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_white_space(text.back())) text.remove_suffix(1);
    return text;
}

// Takes the first element off a comma-separated list; it may be empty. A comma in quotes divides
// too: for lists of tokens only.
constexpr std::string_view take_list_item(std::string_view& list) {
    const auto comma = list.find(',');
    const auto item = list.substr(0, comma);
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    return without_white_space_around(item);
}

}  // namespace bundle
