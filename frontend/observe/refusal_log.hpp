// Lines about clients that met a limit, few enough that no client can fill a disk with them.
#pragma once
#include <array>

#include "frontend/observe/line_budget.hpp"
#include "frontend/request/limit.hpp"

namespace bundle {

class RefusalLog {
  public:
    using TimePoint = LineBudget::TimePoint;
    static constexpr std::uint32_t kLinesPerSecond = LineBudget::kLinesPerSecond;  // of each limit

    // Whether there may be one more line of this limit now; if not, it is counted.
    bool may_tell(Limit limit, TimePoint now) {
        return kinds_[static_cast<std::size_t>(limit)].may_tell(now);
    }
    // Calls `tell(limit, more)` for each limit with lines that were left out in a second that is
    // over.
    template <typename Tell>
    void sweep(TimePoint now, Tell tell) {
        for (std::size_t i = 0; i < kLimitCount; ++i)
            if (const auto more = kinds_[i].take_left_out(now)) tell(static_cast<Limit>(i), more);
    }

  private:
    std::array<LineBudget, kLimitCount> kinds_{};
};

}  // namespace bundle
