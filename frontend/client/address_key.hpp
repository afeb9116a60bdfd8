// By what clients are told apart when they are counted: an IPv4 address, or the /64 of an IPv6 one,
// which is the least that one customer is given.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include "shared/base/ip_address.hpp"

namespace bundle {

// The first half of an IPv6 address, or an IPv4 address behind a mark.
using AddressKey = std::array<std::uint32_t, 2>;

struct AddressKeyHash {
    // Clients choose their addresses: the low bits of a /64 must not be all that counts.
    std::size_t operator()(const AddressKey& key) const noexcept {
        std::uint64_t bits = 0;
        std::memcpy(&bits, key.data(), sizeof bits);
        bits *= 0x9e3779b97f4a7c15U;
        return static_cast<std::size_t>(bits ^ (bits >> 32));
    }
};

// Nothing for the client of a unix socket.
inline std::optional<AddressKey> address_key(const IpAddress& address) {
    if (address.family == IpAddress::Family::None) return std::nullopt;
    AddressKey key{};
    if (address.family == IpAddress::Family::V4) {
        // No global address begins with ::/32, so the two families never meet.
        std::memcpy(&key[1], address.bytes.data(), sizeof key[1]);
    } else {
        std::memcpy(key.data(), address.bytes.data(), sizeof key);
    }
    return key;
}

}  // namespace bundle
