#include "frontend/client/address_counts.hpp"

namespace bundle {

AddressCounts::Place* AddressCounts::enter(const IpAddress& address) {
    const auto key = address_key(address);
    if (!key) return nullptr;
    Place& place = *counts_.try_emplace(*key, 0).first;
    ++place.second;
    return &place;
}

void AddressCounts::leave(Place* place) {
    if (place != nullptr && --place->second == 0) counts_.erase(AddressKey(place->first));
}

}  // namespace bundle
