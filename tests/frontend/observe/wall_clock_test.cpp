#include "frontend/observe/wall_clock.hpp"

#include <gtest/gtest.h>

namespace bundle {

using namespace std::chrono_literals;

TEST(WallClock, SaysWhatTheSystemsClockSaidAtThatMoment) {
    WallClock clock;
    const auto before = WallClock::Wall::now();
    const auto moment = WallClock::Steady::now();
    const auto after = WallClock::Wall::now();

    EXPECT_GE(clock.at(moment, 1), before - 10ms);  // comparing takes a while of its own
    EXPECT_LE(clock.at(moment, 1), after + 10ms);
    EXPECT_EQ(clock.at(moment - 3s, 1), clock.at(moment, 1) - 3s);
}

}  // namespace bundle
