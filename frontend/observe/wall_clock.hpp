// What the wall clock says at a moment of the steady one. The two are compared once in each of the
// loop's milliseconds: a request wants several times, and asking the kernel's page costs 25 ns
// each.
#pragma once
#include <chrono>
#include <cstdint>

namespace bundle {

class WallClock {
  public:
    using Steady = std::chrono::steady_clock;
    using Wall = std::chrono::system_clock;

    // `turn` is the loop's own time, uv_now().
    [[nodiscard]] Wall::time_point at(Steady::time_point moment, std::uint64_t turn) {
        if (turn != compared_) {
            compared_ = turn;
            ahead_ = Wall::now().time_since_epoch() - Steady::now().time_since_epoch();
        }
        return Wall::time_point(moment.time_since_epoch() + ahead_);
    }

  private:
    std::uint64_t compared_ = UINT64_MAX;
    Wall::duration ahead_{};
};

}  // namespace bundle
