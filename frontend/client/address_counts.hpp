// How many connections each client address has. An IPv6 client counts by its /64, which is the
// least that one customer is given; clients of a unix socket have no address and are not counted.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <unordered_map>

#include "shared/base/ip_address.hpp"

namespace bundle {

class AddressCounts {
    // The first half of an IPv6 address, or an IPv4 address behind a mark.
    using Key = std::array<std::uint32_t, 2>;
    struct KeyHash {
        // Clients choose their addresses: the low bits of a /64 must not be all that counts.
        std::size_t operator()(const Key& key) const noexcept {
            std::uint64_t bits = 0;
            std::memcpy(&bits, key.data(), sizeof bits);
            bits *= 0x9e3779b97f4a7c15U;
            return static_cast<std::size_t>(bits ^ (bits >> 32));
        }
    };
    using Counts = std::unordered_map<Key, std::uint32_t, KeyHash>;

  public:
    using Place = Counts::value_type;  // of one address, as long as somebody is counted there

    // nullptr: no address to count by.
    Place* enter(const IpAddress& address);
    void leave(Place* place);

    [[nodiscard]] static std::uint32_t count(const Place& place) { return place.second; }
    [[nodiscard]] std::size_t addresses() const { return counts_.size(); }

  private:
    Counts counts_;
};

}  // namespace bundle
