// How many descriptors the front may need: what the limit of open files has to allow.
#pragma once
#include <algorithm>
#include <cstdint>

#include "shared/config/config.hpp"

namespace bundle {

// Numbers that no client's connection takes, so that those that are there can be served: their
// temporary files, and files that are sent. Where many have some at a time, new clients wait sooner
// (frontend/client/descriptors.hpp); most connections are idle, and need none.
inline constexpr std::uint64_t kReservedDescriptors = 64;

// Besides the connections': the loop's own, the cache of open files, logs, listeners, workers and
// scoreboards, these twice, for a worker's successor comes before it leaves.
inline std::uint64_t own_descriptors(const Config& config) {
    constexpr std::uint64_t kLoopAndFiles = 32 + 256;
    std::uint64_t count = kLoopAndFiles + kReservedDescriptors + config.all_listeners().size();
    constexpr std::uint64_t kScoreboard = 1;
    for (const AppConfig& app : config.apps)
        count += 2 * (std::uint64_t{app.workers.max} + kScoreboard);
    return count;
}

inline std::uint64_t descriptor_need(const Config& config) {
    return own_descriptors(config) + config.server.max_connections;
}

// As many connections as `descriptors` allow, at most server.max_connections. Where they are very
// few, some are accepted all the same: it is up to the reserve then.
inline std::uint32_t connections_allowed(const Config& config, std::uint64_t descriptors) {
    constexpr std::uint64_t kAtLeast = 16;
    const std::uint64_t own = std::min(own_descriptors(config), descriptors);
    const std::uint64_t most = std::max(kAtLeast, descriptors - own);
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(most, config.server.max_connections));
}

}  // namespace bundle
