#include "shared/wire/app_metrics.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/support/metrics_memory.hpp"

namespace bundle::wire {

namespace {

std::size_t count_series(std::span<const char> memory) {
    std::size_t count = 0;
    read_app_metrics(memory, [&](const AppSeries& /*series*/) { ++count; });
    return count;
}

MetricsMemory two_series() {
    MetricsMemory memory;
    memory.add(MetricKind::Histogram, {"took_seconds", "Time.", "of", "search"}, {1, 2, 3.5},
               {0.5});
    memory.add(MetricKind::Counter, {"orders_total", ""}, {7});
    return memory;
}

}  // namespace

TEST(AppMetricsMemory, ASeriesHasItsTextsAndNumbers) {
    const MetricsMemory memory = two_series();

    std::vector<std::string> names;
    read_app_metrics(memory.bytes(), [&](const AppSeries& series) {
        names.emplace_back(series.name);
        if (series.kind != MetricKind::Histogram) return;
        EXPECT_EQ(series.help, "Time.");
        ASSERT_EQ(series.labels.size(), 1U);
        EXPECT_EQ(series.labels[0].second, "search");
        EXPECT_EQ(series.bounds, std::vector<double>{0.5});
        EXPECT_EQ(series.values, (std::vector<double>{1, 2, 3.5}));
    });

    EXPECT_EQ(names, (std::vector<std::string>{"took_seconds", "orders_total"}));
}

TEST(AppMetricsMemory, WhatIsNotUsedYetIsNotRead) {
    EXPECT_EQ(count_series(std::string(kAppMetricsSize, '\0')), 0U);
    EXPECT_EQ(count_series({}), 0U);
}

TEST(AppMetricsMemory, ItIsToldHowManySeriesHadNoRoom) {
    MetricsMemory memory = two_series();
    EXPECT_EQ(lost_app_series(memory.bytes()), 0U);

    memory.lose(7);

    EXPECT_EQ(lost_app_series(memory.bytes()), 7U);
    EXPECT_EQ(count_series(memory.bytes()), 2U);
    EXPECT_EQ(lost_app_series({}), 0U);
}

TEST(AppMetricsMemory, AnyBytesAreReadWithinTheirBounds) {
    std::mt19937 random(1);
    const MetricsMemory well = two_series();
    for (int round = 0; round < 20'000; ++round) {
        MetricsMemory memory = well;
        for (int change = 0; change < 3; ++change) {
            const std::size_t at = random() % memory.raw().size();
            memory.raw()[at] = static_cast<char>(random());
        }
        // Of its own, so that a sanitizer sees the end.
        const std::vector<char> exact(memory.raw().begin(), memory.raw().end());
        EXPECT_LE(count_series(exact), exact.size() / 24);
    }
}

}  // namespace bundle::wire
