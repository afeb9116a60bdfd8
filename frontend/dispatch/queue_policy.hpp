// How requests of a route wait for a worker, where it says more than "like all others".
#pragma once
#include <cstdint>
#include <string>

#include "shared/config/config.hpp"

namespace bundle {

struct QueuePolicy {
    std::string route;  // its name: a reload that keeps the route keeps the count of its requests
    Priority priority = Priority::Normal;
    std::uint32_t max_in_flight = kUnlimited;

    static constexpr std::uint32_t kUnlimited = UINT32_MAX;
};

}  // namespace bundle
