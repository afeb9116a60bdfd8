// How much there was to do in each second of the last few minutes: what the charts of the status
// show.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>

#include "frontend/observe/counters.hpp"

namespace bundle {

// The parts of a request's time, as they follow each other.
inline constexpr std::array<std::string_view, 5> kTrafficParts = {"read", "queue", "app_first",
                                                                  "app_rest", "send"};

struct TrafficSecond {
    double requests = 0;                               // per second
    double failed = 0;                                 // of them: of status 5xx
    std::array<double, kTrafficParts.size()> parts{};  // seconds, of an average request
    std::size_t waiting = 0;                           // requests, at its end
    std::size_t busy = 0;                              // workers, at its end
};

class Traffic {
  public:
    using Moment = std::chrono::steady_clock::time_point;
    static constexpr std::size_t kMost = 300;

    // False: the second is not over yet.
    bool look(const CounterTable& table, Moment now);
    // Of the second that look() has just ended.
    void note_load(std::size_t waiting, std::size_t busy);
    [[nodiscard]] const std::deque<TrafficSecond>& seconds() const { return seconds_; }

  private:
    // Of all requests, ever.
    struct Totals {
        std::uint64_t requests = 0;
        std::uint64_t failed = 0;
        std::array<std::chrono::nanoseconds, kCountedParts.size()> parts{};
    };
    static Totals totals_of(const CounterTable& table);

    Totals before_;
    std::optional<Moment> began_;
    std::deque<TrafficSecond> seconds_;  // the newest last
};

}  // namespace bundle
