// Watches how many descriptors this process may still open. Clients are accepted as long as the
// reserve is untouched, so that bodies, files and workers of those that are there still get theirs.
#pragma once
#include <chrono>
#include <cstdint>

namespace bundle {

class Descriptors {
  public:
    using TimePoint = std::chrono::steady_clock::time_point;

    // Any descriptor that stays open.
    explicit Descriptors(int any);

    // A socket was accepted with this number. Numbers are given lowest first: one far below the
    // limit tells that there are enough, and costs nothing to know.
    void saw(int number);
    // Looks how it is now.
    void look(TimePoint now);
    [[nodiscard]] bool are_short() const { return short_; }
    // Not even those of the reserve are left.
    [[nodiscard]] bool are_exhausted() const { return exhausted_; }

  private:
    void read_limit();
    void measure();
    void tell(TimePoint now, bool was_short);

    int any_;
    int error_ = 0;  // of the last number that could not be had
    std::uint64_t limit_ = 0;
    std::uint64_t reserve_ = 0;
    bool short_ = false;
    bool exhausted_ = false;
    bool watchful_ = false;  // near to being short: numbers tell nothing, every look is at all
    bool told_ = false;      // of the shortage that there is
    TimePoint quiet_until_;
};

}  // namespace bundle
