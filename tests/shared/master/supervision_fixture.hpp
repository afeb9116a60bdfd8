// A master's children, without processes.
#pragma once
#include <chrono>
#include <optional>
#include <vector>

#include "shared/master/supervision.hpp"

namespace bundle {

inline constexpr ChildNumber kShop = arbiter_of(0);
inline constexpr milliseconds kDrainTimeout{30'000};
inline constexpr Ending kWell{0, 0};
inline constexpr Ending kKilled{0, 9};

// A front and one or two applications, on a clock that stands still unless the test moves it.
struct Server {
    using Step = Supervision::Step;

    explicit Server(std::size_t apps = 1, StopTimes times = {kDrainTimeout})
        : children(apps + 1), supervision(apps, times) {
        for (const Step& step : supervision.due(now)) supervision.started(step.child, now);
    }

    std::vector<Step> due() { return supervision.due(now); }

    // Everything that due() wants started is.
    void start_what_is_due() {
        for (const Step& step : due()) {
            if (step.order == Supervision::Order::Start) supervision.started(step.child, now);
        }
    }

    void become_ready() {
        supervision.front_ready();
        for (std::size_t app = 0; app + 1 < children; ++app) supervision.workers_ready(app, 1);
    }

    std::optional<milliseconds> dies(ChildNumber child, Ending ending = kKilled) {
        return supervision.died(child, ending, now);
    }

    std::size_t children;
    Supervision::Moment now{std::chrono::hours(1)};
    Supervision supervision;
};

}  // namespace bundle
