// How many connections each client address has. Clients of a unix socket have no address and are
// not counted.
#pragma once
#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "frontend/client/address_key.hpp"

namespace bundle {

class AddressCounts {
    using Counts = std::unordered_map<AddressKey, std::uint32_t, AddressKeyHash>;

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
