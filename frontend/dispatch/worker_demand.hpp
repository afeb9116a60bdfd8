// Whether an app with workers = { min, max } should have more of them or fewer: plain data and
// decisions. Looked at a few times in a second. How many that makes is for the master to say, which
// knows how many are on their way.
//
// More: at two looks in a row somebody had waited for more than a hundredth of queue.timeout.
//
// Fewer: for three times queue.timeout nobody has waited like that, and at every moment of it more
// than a whole worker had nothing to do: with one fewer, nobody would have waited either. Then the
// time begins anew. So a number that was just raised stays for a while, and the lulls of a load
// that comes in waves do not lower it.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "shared/config/config.hpp"

namespace bundle {

class WorkerDemand {
  public:
    using Moment = std::chrono::steady_clock::time_point;

    explicit WorkerDemand(const AppConfig& app) : app_(app) {}  // which outlives it

    struct Facts {
        std::uint32_t workers = 0;                 // connected
        std::uint32_t least_idle = 0;              // threads of them, since the last look
        std::chrono::milliseconds longest_wait{};  // of those who wait now
    };
    struct Wish {
        enum class For { More, Fewer } what;
        std::string why;  // for the log
    };
    std::optional<Wish> look(const Facts& facts, Moment now);

  private:
    [[nodiscard]] bool lull_is_over(const Facts& facts, Moment now);

    const AppConfig& app_;
    bool waited_ = false;  // at the last look
    std::optional<Moment> lull_since_;
};

}  // namespace bundle
