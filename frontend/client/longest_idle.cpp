#include "frontend/client/longest_idle.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace bundle {

namespace {

constexpr std::size_t kShare = 64;
constexpr std::size_t kAtMost = 256;

}  // namespace

std::size_t close_longest_idle(std::span<const std::unique_ptr<ClientConnection>> connections) {
    std::vector<std::pair<std::chrono::steady_clock::time_point, ClientConnection*>> idle;
    for (const auto& connection : connections) {
        const ConnectionFacts facts = connection->facts();
        if (facts.idle) idle.emplace_back(facts.idle_since, connection.get());
    }
    const std::size_t share =
        std::min(idle.size(), std::clamp<std::size_t>(connections.size() / kShare, 1, kAtMost));
    const auto end = idle.begin() + static_cast<std::ptrdiff_t>(share);
    std::partial_sort(idle.begin(), end, idle.end());
    // One whose request is here, only not read yet, is not idle.
    std::size_t closed = 0;
    for (auto one = idle.begin(); one != end; ++one) {
        if (one->second->has_unread()) continue;
        one->second->close();
        ++closed;
    }
    return closed;
}

}  // namespace bundle
