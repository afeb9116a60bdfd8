#include "frontend/client/address_counts.hpp"

#include <cstring>

namespace bundle {

AddressCounts::Place* AddressCounts::enter(const IpAddress& address) {
    if (address.family == IpAddress::Family::None) return nullptr;
    Key key{};
    if (address.family == IpAddress::Family::V4) {
        // No global address begins with ::/32, so the two families never meet.
        std::memcpy(&key[1], address.bytes.data(), sizeof key[1]);
    } else {
        std::memcpy(key.data(), address.bytes.data(), sizeof key);
    }
    Place& place = *counts_.try_emplace(key, 0).first;
    ++place.second;
    return &place;
}

void AddressCounts::leave(Place* place) {
    if (place != nullptr && --place->second == 0) counts_.erase(Key(place->first));
}

}  // namespace bundle
