#include "frontend/files/hashed_name.hpp"

#include <algorithm>

namespace bundle {

namespace {

constexpr std::size_t kShortestHex = 8;
constexpr std::size_t kLongestHex = 64;  // SHA-256
constexpr std::size_t kBase64 = 8;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

bool is_hex_hash(std::string_view text) {
    if (text.size() < kShortestHex || text.size() > kLongestHex) return false;
    const auto is_hex = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); };
    return std::ranges::all_of(text, is_hex) && std::ranges::any_of(text, is_digit) &&
           std::ranges::any_of(text, is_lower);
}

// base64url, or base32 in upper case. "iPhone12" and "Bluebird" are words.
bool is_base64_hash(std::string_view text) {
    if (text.size() != kBase64) return false;
    const auto is_of_it = [](char c) {
        return is_digit(c) || is_upper(c) || is_lower(c) || c == '-' || c == '_';
    };
    if (!std::ranges::all_of(text, is_of_it)) return false;
    const bool has_lower = std::ranges::any_of(text, is_lower);
    const bool has_digit = std::ranges::any_of(text, is_digit);
    const auto upper = std::ranges::count_if(text, is_upper);
    if (!has_lower) {
        // "DSC01234" is a photograph.
        const auto* const digit = std::ranges::find_if(text, is_digit);
        return has_digit && upper > 1 && std::any_of(digit, text.end(), is_upper);
    }
    // A numeral that does not stand at the end, or upper case more than once.
    const bool has_inner_digit = std::any_of(text.begin(), text.end() - 2, is_digit);
    return upper > 1 || (has_inner_digit && upper > 0);
}

bool ends_in_hash(std::string_view segment) {
    const std::size_t hyphen = segment.rfind('-');
    if (hyphen != std::string_view::npos && is_hex_hash(segment.substr(hyphen + 1))) return true;
    // Such a hash may have hyphens of its own.
    return segment.size() > kBase64 + 1 && segment[segment.size() - kBase64 - 1] == '-' &&
           is_base64_hash(segment.substr(segment.size() - kBase64));
}

}  // namespace

bool is_hashed_name(std::string_view file_name) {
    file_name.remove_prefix(file_name.rfind('/') + 1);  // npos + 1 is 0
    while (!file_name.empty()) {
        const std::string_view segment = file_name.substr(0, file_name.find('.'));
        file_name.remove_prefix(std::min(file_name.size(), segment.size() + 1));
        if (is_hex_hash(segment) || ends_in_hash(segment)) return true;
    }
    return false;
}

}  // namespace bundle
