#include "frontend/observe/basic_user.hpp"

#include <cstdint>

#include "shared/http/headers.hpp"
#include "shared/http/token.hpp"

namespace bundle {

namespace {

constexpr std::size_t kLongest = 256;  // of a name; what is longer is hardly one

}  // namespace

std::string_view basic_user(std::string_view authorization, std::string& into) {
    constexpr std::string_view kScheme = "basic ";
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    into.clear();
    if (!equals_ignoring_case(authorization.substr(0, kScheme.size()), kScheme)) return {};
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : without_white_space_around(authorization.substr(kScheme.size()))) {
        const std::size_t value = kDigits.find(c);
        if (value == std::string_view::npos) return {};
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        const char byte = static_cast<char>(bits >> count & 0xff);
        if (byte == ':') return into;
        if (into.size() == kLongest) return {};
        into += byte;
    }
    return {};  // no password, no name
}

}  // namespace bundle
