// Requests that wait in one line: those of a route that bounds how many of it are at workers, or
// all others of one priority.
#pragma once
#include <cstdint>
#include <string>
#include <utility>

#include "frontend/dispatch/queue_policy.hpp"
#include "frontend/dispatch/request_list.hpp"

namespace bundle {

struct RouteLane {
    QueuePolicy policy;
    std::uint32_t in_flight = 0;  // its requests at workers
    RequestList<&AppRequest::in_lane> waiting;

    [[nodiscard]] bool has_room() const { return in_flight < policy.max_in_flight; }
};

// One request's place among those of its lane that are at workers. The request may be gone before
// its worker is done with it: whoever keeps note of that one holds this.
class InFlight {
  public:
    explicit InFlight(RouteLane& lane) : lane_(&lane) { ++lane_->in_flight; }
    InFlight(InFlight&& other) noexcept : lane_(std::exchange(other.lane_, nullptr)) {}
    InFlight& operator=(InFlight&& other) noexcept {
        std::swap(lane_, other.lane_);
        return *this;
    }
    InFlight(const InFlight&) = delete;
    InFlight& operator=(const InFlight&) = delete;
    ~InFlight() {
        if (lane_ != nullptr) --lane_->in_flight;
    }

    // Whoever waits for it waits for the worker to be free.
    [[nodiscard]] bool is_bounded() const {
        return lane_->policy.max_in_flight != QueuePolicy::kUnlimited;
    }

  private:
    RouteLane* lane_;
};

}  // namespace bundle
