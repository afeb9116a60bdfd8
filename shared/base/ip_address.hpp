// IP addresses of both families, as values: parsed, compared, printed; and ranges of them.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "shared/base/result.hpp"

namespace bundle {

// An address as text, without memory of its own to look after.
struct IpText {
    std::array<char, 46> bytes{};  // INET6_ADDRSTRLEN, with the zero byte at its end
    [[nodiscard]] std::string_view view() const { return bytes.data(); }
};

struct IpAddress {
    enum class Family : std::uint8_t { None, V4, V6 };

    Family family = Family::None;          // None: no address, as the peer of a unix socket has
    std::array<std::uint8_t, 16> bytes{};  // an IPv4 address stands in the first four

    // From the four or sixteen bytes that sockets and protocols use. An IPv4 address that is mapped
    // into IPv6 (::ffff:192.0.2.1) is an IPv4 address to us: a listener for both families sees
    // clients so, and a list of networks must not be evaded by the other spelling.
    static IpAddress v4(const void* four_bytes);
    static IpAddress v6(const void* sixteen_bytes);
    // "192.0.2.1", "2001:db8::1": without brackets, port, zone or white space.
    static std::optional<IpAddress> parse(std::string_view text);

    [[nodiscard]] IpText text() const;  // "" without an address
    friend auto operator<=>(const IpAddress&, const IpAddress&) = default;
};

// All addresses from the first to the last one; both are of one family.
struct IpRange {
    IpAddress first;
    IpAddress last;

    // "10.0.0.0/8", "2001:db8::/32", or one address. An error's message ends a sentence that begins
    // with the text: `it must be ...`.
    static Result<IpRange> parse(std::string_view text);
    friend bool operator==(const IpRange&, const IpRange&) = default;
};

}  // namespace bundle
