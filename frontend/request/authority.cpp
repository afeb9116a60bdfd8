#include "frontend/request/authority.hpp"

#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <cstdint>

namespace bundle {

namespace {

constexpr auto kNameBytes = [] {
    std::array<bool, 256> allowed{};
    for (const char c :
         std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                          "-._~"))
        allowed[static_cast<unsigned char>(c)] = true;
    return allowed;
}();

// Labels divided by dots, none empty; a dot at the end says that the name is complete.
bool is_valid_name(std::string_view name) {
    if (name.empty() || name.size() > 255) return false;
    char before = '.';
    for (const char c : name) {
        if (!kNameBytes[static_cast<unsigned char>(c)] || (c == '.' && before == '.')) return false;
        before = c;
    }
    return true;
}

// A zone ("%eth0") means something on the client's machine only.
bool is_valid_ipv6(std::string_view address) {
    char text[INET6_ADDRSTRLEN] = {};
    if (address.size() >= sizeof text || address.find('\0') != std::string_view::npos) return false;
    address.copy(text, address.size());
    in6_addr parsed;
    return ::inet_pton(AF_INET6, text, &parsed) == 1;
}

// What follows the host: nothing, or ":" and a port, which may be empty.
bool is_valid_port(std::string_view rest) {
    if (rest.empty()) return true;
    if (rest.front() != ':' || rest.size() > 6) return false;
    rest.remove_prefix(1);
    if (rest.empty()) return true;
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), port);
    return error == std::errc{} && end == rest.data() + rest.size();
}

}  // namespace

bool is_valid_authority(std::string_view authority) {
    if (authority.starts_with('[')) {
        const auto end = authority.find(']');
        return end != std::string_view::npos && is_valid_ipv6(authority.substr(1, end - 1)) &&
               is_valid_port(authority.substr(end + 1));
    }
    const auto colon = std::min(authority.find(':'), authority.size());
    return is_valid_name(authority.substr(0, colon)) && is_valid_port(authority.substr(colon));
}

}  // namespace bundle
