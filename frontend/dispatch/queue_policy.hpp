// How requests of a route wait for a worker, where it says more than "like all others".
#pragma once
#include <cstdint>
#include <string>

#include "shared/config/config.hpp"

namespace bundle {

struct QueuePolicy {
    // Its name: by that its requests meet, whatever configuration they began with.
    std::string route;
    Priority priority = Priority::Normal;
    std::uint32_t max_in_flight = kUnlimited;

    static constexpr std::uint32_t kUnlimited = UINT32_MAX;
};

}  // namespace bundle
