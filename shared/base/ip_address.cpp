#include "shared/base/ip_address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace bundle {

namespace {

using Family = IpAddress::Family;

constexpr std::size_t size_of(Family family) { return family == Family::V4 ? 4 : 16; }

// The prefix length behind "/"; nothing when it is no number or longer than the address.
std::optional<std::size_t> prefix_length(std::string_view text, Family family) {
    std::size_t bits = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (bits > size_of(family) * 8) return std::nullopt;
    return bits;
}

IpRange range_of(const IpAddress& address, std::size_t bits) {
    IpRange range{address, address};
    for (std::size_t i = 0; i < size_of(address.family); ++i) {
        const std::size_t fixed = std::min<std::size_t>(bits - std::min(bits, i * 8), 8);
        const auto free_bits = static_cast<std::uint8_t>(0xffU >> fixed);
        range.first.bytes.at(i) &= static_cast<std::uint8_t>(~free_bits);
        range.last.bytes.at(i) |= free_bits;
    }
    return range;
}

}  // namespace

IpAddress IpAddress::v4(const void* four_bytes) {
    IpAddress address;
    address.family = Family::V4;
    std::memcpy(address.bytes.data(), four_bytes, 4);
    return address;
}

IpAddress IpAddress::v6(const void* sixteen_bytes) {
    IpAddress address;
    address.family = Family::V6;
    std::memcpy(address.bytes.data(), sixteen_bytes, 16);
    in6_addr binary;
    std::memcpy(&binary, sixteen_bytes, sizeof binary);
    return IN6_IS_ADDR_V4MAPPED(&binary) ? v4(address.bytes.data() + 12) : address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    std::array<char, INET6_ADDRSTRLEN> terminated{};
    if (text.size() >= terminated.size() || text.find('\0') != std::string_view::npos)
        return std::nullopt;
    text.copy(terminated.data(), text.size());
    in6_addr binary;
    if (inet_pton(AF_INET, terminated.data(), &binary) == 1) return v4(&binary);
    if (inet_pton(AF_INET6, terminated.data(), &binary) == 1) return v6(&binary);
    return std::nullopt;
}

IpText IpAddress::text() const {
    IpText text;
    if (family == Family::None) return text;
    inet_ntop(family == Family::V4 ? AF_INET : AF_INET6, bytes.data(), text.bytes.data(),
              static_cast<socklen_t>(text.bytes.size()));
    return text;
}

Result<IpRange> IpRange::parse(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = IpAddress::parse(text.substr(0, slash));
    if (!address) return failure("it must be an address or a network such as \"10.0.0.0/8\"");
    if (slash == std::string_view::npos) return IpRange{*address, *address};
    const auto bits = prefix_length(text.substr(slash + 1), address->family);
    if (!bits)
        return failure(fmt::format("behind \"/\" it must have a number from 0 to {}",
                                   size_of(address->family) * 8));
    const IpRange range = range_of(*address, *bits);
    if (range.first != *address)
        return failure(fmt::format("it has bits behind its prefix; write \"{}/{}\"",
                                   range.first.text().view(), *bits));
    return range;
}

}  // namespace bundle
