// Lines about clients that met a limit, few enough that no client can fill a disk with them: so
// many of each limit in a second, and then how many more there were.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <utility>

#include "frontend/request/limit.hpp"

namespace bundle {

class RefusalLog {
  public:
    using TimePoint = std::chrono::steady_clock::time_point;
    static constexpr std::uint32_t kLinesPerSecond = 5;

    // Whether there may be one more line of this limit now; if not, it is counted.
    bool may_tell(Limit limit, TimePoint now);
    // Calls `tell(limit, more)` for each limit with lines that were left out in a second that is
    // over.
    template <typename Tell>
    void sweep(TimePoint now, Tell tell) {
        for (std::size_t i = 0; i < kLimitCount; ++i) {
            if (now < kinds_[i].until) continue;
            if (const auto more = std::exchange(kinds_[i].left_out, 0)) {
                tell(static_cast<Limit>(i), more);
            }
        }
    }

  private:
    struct Kind {
        TimePoint until;  // the end of the second that `told` counts
        std::uint32_t told = 0;
        std::uint64_t left_out = 0;
    };
    std::array<Kind, kLimitCount> kinds_{};
};

}  // namespace bundle
