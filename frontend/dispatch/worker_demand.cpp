#include "frontend/dispatch/worker_demand.hpp"

#include <fmt/format.h>

#include <utility>

namespace bundle {

namespace {

// Parts and multiples of queue.timeout.
constexpr int kTooLong = 100;
constexpr int kLull = 3;

double in_seconds(std::chrono::milliseconds time) {
    return std::chrono::duration<double>(time).count();
}

}  // namespace

std::optional<WorkerDemand::Wish> WorkerDemand::look(const Facts& facts, Moment now) {
    if (!app_.workers.varies()) return std::nullopt;
    const bool waits = facts.longest_wait > app_.queue.timeout / kTooLong;
    const bool waited = std::exchange(waited_, waits);
    if (waits && waited && facts.workers < app_.workers.max)
        return Wish{Wish::For::More,
                    fmt::format("requests wait for {:.3f}s", in_seconds(facts.longest_wait))};
    if (!waits && lull_is_over(facts, now))
        return Wish{Wish::For::Fewer, fmt::format("more than one had nothing to do for {:g}s",
                                                  in_seconds(app_.queue.timeout * kLull))};
    if (waits) lull_since_.reset();
    return std::nullopt;
}

bool WorkerDemand::lull_is_over(const Facts& facts, Moment now) {
    if (facts.least_idle <= app_.threads || facts.workers <= app_.workers.min) {
        lull_since_.reset();
        return false;
    }
    if (!lull_since_) lull_since_ = now;
    if (now - *lull_since_ < app_.queue.timeout * kLull) return false;
    lull_since_ = now;
    return true;
}

}  // namespace bundle
