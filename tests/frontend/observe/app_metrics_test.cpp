#include "frontend/observe/app_metrics.hpp"

#include <gmock/gmock.h>

#include <limits>

#include "tests/support/metrics_memory.hpp"

namespace bundle {

using testing::HasSubstr;
using wire::MetricKind;
using enum AppMetrics::Worker;

TEST(AppMetrics, CountersOfAllWorkersAreAddedUp) {
    MetricsMemory one;
    one.add(MetricKind::Counter, {"orders_total", "Orders.", "kind", "a\"\n"}, {2});
    MetricsMemory other;
    other.add(MetricKind::Counter, {"orders_total", "Orders.", "kind", "a\"\n"}, {3});
    AppMetrics metrics;

    metrics.add("shop", one.bytes(), Lives);
    metrics.add("shop", other.bytes(), IsGone);
    metrics.add("blog", other.bytes(), Lives);

    EXPECT_EQ(metrics.text(),
              "# HELP orders_total Orders.\n# TYPE orders_total counter\n"
              "orders_total{app=\"blog\",kind=\"a\\\"\\n\"} 3\n"
              "orders_total{app=\"shop\",kind=\"a\\\"\\n\"} 5\n");
}

TEST(AppMetrics, GaugesAreThoseOfLivingWorkers) {
    MetricsMemory one;
    MetricsMemory other;
    for (const auto kind : {MetricKind::SumGauge, MetricKind::MaxGauge, MetricKind::MinGauge}) {
        const std::string name = "g" + std::to_string(static_cast<int>(kind));
        one.add(kind, {name, ""}, {2});
        other.add(kind, {name, ""}, {3});
    }
    AppMetrics metrics;

    metrics.add("shop", one.bytes(), Lives);
    metrics.add("shop", other.bytes(), Lives);
    metrics.add("shop", other.bytes(), IsGone);

    const std::string text = metrics.text();
    EXPECT_THAT(text, HasSubstr("g2{app=\"shop\"} 5\n"));
    EXPECT_THAT(text, HasSubstr("g3{app=\"shop\"} 3\n"));
    EXPECT_THAT(text, HasSubstr("g4{app=\"shop\"} 2\n"));
}

TEST(AppMetrics, ABucketOfAHistogramHasThoseBelowItAsWell) {
    MetricsMemory memory;
    memory.add(MetricKind::Histogram, {"took_seconds", ""}, {1, 2, 4, 12.5}, {0.1, 1});
    AppMetrics metrics;

    metrics.add("shop", memory.bytes(), Lives);

    EXPECT_THAT(metrics.text(), HasSubstr("took_seconds_bucket{app=\"shop\",le=\"0.1\"} 1\n"
                                          "took_seconds_bucket{app=\"shop\",le=\"1\"} 3\n"
                                          "took_seconds_bucket{app=\"shop\",le=\"+Inf\"} 7\n"
                                          "took_seconds_sum{app=\"shop\"} 12.5\n"
                                          "took_seconds_count{app=\"shop\"} 7\n"));
}

TEST(AppMetrics, WhatWouldMakeThePageUnreadableIsLeftOut) {
    MetricsMemory memory;
    memory.add(MetricKind::Counter, {"a b", ""}, {1});
    memory.add(MetricKind::Counter, {"", ""}, {1});
    memory.add(MetricKind::Counter, {"bundle_requests_total", ""}, {1});
    memory.add(MetricKind::Counter, {"ok_total", "", "le", "1"}, {1});
    memory.add(MetricKind::Counter, {"ok_total", "", "x", "\xff"}, {1});
    memory.add(MetricKind::SumGauge, {"ok", ""}, {std::numeric_limits<double>::infinity()});
    memory.add(MetricKind::Counter, {"ok", "another kind"}, {1});
    AppMetrics metrics;

    metrics.add("shop", memory.bytes(), Lives);

    EXPECT_EQ(metrics.text(), "# HELP ok \n# TYPE ok gauge\nok{app=\"shop\"} +Inf\n");
}

}  // namespace bundle
