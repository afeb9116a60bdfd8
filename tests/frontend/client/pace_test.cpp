#include "frontend/client/pace.hpp"

#include <gtest/gtest.h>

namespace bundle {

using namespace std::chrono_literals;

namespace {

Pace pace_of(Bytes rate) {
    Pace pace;
    pace.begin(rate);
    return pace;
}

}  // namespace

TEST(Pace, AClientThatDoesNothingIsTooSlowAfterTenSeconds) {
    Pace pace = pace_of({240});

    pace.waited(10s);
    EXPECT_FALSE(pace.too_slow());

    pace.waited(1ms);
    EXPECT_TRUE(pace.too_slow());
}

TEST(Pace, AClientAtTheRateIsNeverTooSlow) {
    Pace pace = pace_of({240});
    for (int second = 0; second < 10'000; ++second) {
        pace.waited(1s);
        pace.moved(240);
        ASSERT_FALSE(pace.too_slow()) << second;
    }
}

TEST(Pace, AClientJustBelowTheRateIsFound) {
    Pace pace = pace_of({240});
    int second = 0;
    for (; !pace.too_slow() && second < 10'000; ++second) {
        pace.waited(1s);
        pace.moved(200);
    }
    EXPECT_LE(second, 70);
}

TEST(Pace, AFastStartIsGoodForAMinuteAndNoLonger) {
    Pace pace = pace_of({240});
    pace.moved(1U << 30);

    pace.waited(60s);
    EXPECT_FALSE(pace.too_slow());

    pace.waited(1ms);
    EXPECT_TRUE(pace.too_slow());
}

TEST(Pace, WithoutARateNobodyIsTooSlow) {
    Pace pace = pace_of({0});
    pace.waited(24h);
    EXPECT_FALSE(pace.too_slow());
}

}  // namespace bundle
