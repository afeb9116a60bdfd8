// So many log lines of a kind in a second, and then how many more there would have been: what
// clients can make us say must not fill a disk.
#pragma once
#include <chrono>
#include <cstdint>
#include <utility>

namespace bundle {

class LineBudget {
  public:
    using TimePoint = std::chrono::steady_clock::time_point;
    static constexpr std::uint32_t kLinesPerSecond = 5;

    // Whether there may be one more line now; if not, it is counted.
    bool may_tell(TimePoint now) {
        if (now >= until_) {
            until_ = now + std::chrono::seconds(1);
            told_ = 0;
        }
        if (told_ < kLinesPerSecond) {
            ++told_;
            return true;
        }
        ++left_out_;
        return false;
    }
    // How many were left out in a second that is over, since this was last asked.
    std::uint64_t take_left_out(TimePoint now) {
        return now < until_ ? 0 : std::exchange(left_out_, 0);
    }

  private:
    TimePoint until_;  // the end of the second that told_ counts
    std::uint32_t told_ = 0;
    std::uint64_t left_out_ = 0;
};

}  // namespace bundle
