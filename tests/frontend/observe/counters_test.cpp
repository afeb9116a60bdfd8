#include "frontend/observe/counters.hpp"

#include <gtest/gtest.h>

#include <array>

namespace bundle {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Histogram, ALengthIsCountedAtTheFirstBoundThatHoldsIt) {
    Histogram histogram;

    histogram.add(milliseconds{0});
    histogram.add(milliseconds{1});
    histogram.add(milliseconds{1} + microseconds{1});
    histogram.add(seconds{100});

    EXPECT_EQ(histogram.in_bucket(0), 2U);
    EXPECT_EQ(histogram.in_bucket(1), 1U);
    EXPECT_EQ(histogram.in_bucket(Histogram::kBounds.size()), 1U);
    EXPECT_EQ(histogram.sum(), seconds{100} + milliseconds{2} + microseconds{1});
}

TEST(Histogram, AQuantileStandsWithinItsBucket) {
    Histogram histogram;
    for (int i = 0; i < 90; ++i) histogram.add(milliseconds{1});
    for (int i = 0; i < 10; ++i) histogram.add(milliseconds{150});

    EXPECT_NEAR(histogram.quantile(0.45), 0.0005, 1e-9);
    EXPECT_NEAR(histogram.quantile(0.95), 0.15, 1e-9);

    histogram.add(seconds{1'000});
    EXPECT_DOUBLE_EQ(histogram.quantile(1), 30);
}

TEST(RouteCounters, ARequestIsCountedByItsClassAndThePartsItHad) {
    RouteCounters counters;
    RequestTimes times;
    times.received = RequestTimes::Moment{seconds{1}};
    times.whole = times.sent = times.received + milliseconds{3};

    counters.count(404, 100, times);

    EXPECT_EQ(counters.by_class[4], 1U);
    EXPECT_EQ(counters.bytes_sent, 100U);
    for (std::size_t i = 0; i < kCountedParts.size(); ++i) {
        const TimePart part = kCountedParts[i].first;
        const bool had =
            part == TimePart::Read || part == TimePart::Send || part == TimePart::Total;
        std::uint64_t count = 0;
        for (std::size_t bucket = 0; bucket <= Histogram::kBounds.size(); ++bucket)
            count += counters.parts[i].in_bucket(bucket);
        EXPECT_EQ(count, had ? 1U : 0U) << kCountedParts[i].second;
    }
}

TEST(RouteCounters, AStatusOfNoClassIsCountedAsAnother) {
    RouteCounters counters;

    for (const std::uint16_t status : std::to_array<std::uint16_t>({0, 99, 100, 599, 600, 999}))
        counters.count(status, 0, {});

    EXPECT_EQ(counters.by_class, (std::array<std::uint64_t, 6>{4, 1, 0, 0, 0, 1}));
}

TEST(CounterTable, WhatHasTheSameNamesGoesOnWithTheSameCounters) {
    CounterTable table;
    const auto before = table.of_route("a.example", "/shop/");
    before->bytes_sent = 7;

    EXPECT_EQ(table.of_route("a.example", "/shop/")->bytes_sent, 7U);
    EXPECT_EQ(table.of_route("b.example", "/shop/")->bytes_sent, 0U);
    EXPECT_EQ(table.of_app("main"), table.of_app("main"));
}

}  // namespace bundle
