#include "frontend/observe/app_metrics.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <limits>

#include "tests/support/metrics_memory.hpp"

namespace bundle {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using wire::MetricKind;
using enum AppMetrics::Worker;

namespace {

MetricsMemory counters(const std::string& prefix, std::size_t count) {
    MetricsMemory memory;
    for (std::size_t i = 0; i < count; ++i)
        memory.add(MetricKind::Counter, {"c_total", "", "n", prefix + std::to_string(i)}, {1});
    return memory;
}

std::string lost(std::string_view app, int count) {
    return fmt::format("bundle_app_series_lost_total{{app=\"{}\"}} {}\n", app, count);
}

}  // namespace

TEST(AppMetrics, CountersOfAllWorkersAreAddedUp) {
    MetricsMemory one;
    one.add(MetricKind::Counter, {"orders_total", "Orders.", "kind", "a\"\n"}, {2});
    MetricsMemory other;
    other.add(MetricKind::Counter, {"orders_total", "Orders.", "kind", "a\"\n"}, {3});
    AppMetrics metrics;

    metrics.add("shop", 1, one.bytes(), Lives);
    metrics.add("shop", 1, other.bytes(), IsGone);
    metrics.add("blog", 1, other.bytes(), Lives);

    EXPECT_THAT(metrics.text(),
                EndsWith("# HELP orders_total Orders.\n# TYPE orders_total counter\n"
                         "orders_total{app=\"blog\",kind=\"a\\\"\\n\"} 3\n"
                         "orders_total{app=\"shop\",kind=\"a\\\"\\n\"} 5\n"));
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

    metrics.add("shop", 1, one.bytes(), Lives);
    metrics.add("shop", 1, other.bytes(), Lives);
    metrics.add("shop", 1, other.bytes(), IsGone);

    const std::string text = metrics.text();
    EXPECT_THAT(text, HasSubstr("g2{app=\"shop\"} 5\n"));
    EXPECT_THAT(text, HasSubstr("g3{app=\"shop\"} 3\n"));
    EXPECT_THAT(text, HasSubstr("g4{app=\"shop\"} 2\n"));
}

TEST(AppMetrics, ABucketOfAHistogramHasThoseBelowItAsWell) {
    MetricsMemory memory;
    memory.add(MetricKind::Histogram, {"took_seconds", ""}, {1, 2, 4, 12.5}, {0.1, 1});
    AppMetrics metrics;

    metrics.add("shop", 1, memory.bytes(), Lives);

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
    memory.add(MetricKind::Counter, {"twice_total", "", "x", "1", "x", "2"}, {1});
    memory.add(MetricKind::Counter, {"own_total", "", "__name__", "1"}, {1});
    const double infinity = std::numeric_limits<double>::infinity();
    const double nan = std::numeric_limits<double>::quiet_NaN();
    memory.add(MetricKind::Histogram, {"same_seconds", ""}, {1, 1, 1, 1}, {1, 1});
    memory.add(MetricKind::Histogram, {"endless_seconds", ""}, {1, 1, 1, 1}, {1, infinity});
    memory.add(MetricKind::Histogram, {"no_seconds", ""}, {1, 1, 1}, {nan});
    AppMetrics metrics;

    metrics.add("shop", 1, memory.bytes(), Lives);

    EXPECT_THAT(metrics.text(),
                EndsWith(lost("shop", 0) + "# HELP ok \n# TYPE ok gauge\nok{app=\"shop\"} +Inf\n"));
}

TEST(AppMetrics, OnlyNewSeriesOfTheAppThatHasTooManyAreLost) {
    const MetricsMemory most = counters("a", AppMetrics::kMostSeries);
    const MetricsMemory more = counters("b", 3);
    AppMetrics metrics;
    metrics.add("shop", 1, most.bytes(), IsGone);

    metrics.add("shop", 1, more.bytes(), Lives);
    metrics.add("shop", 1, counters("a", 2).bytes(), Lives);
    metrics.add("blog", 1, more.bytes(), Lives);

    const std::string text = metrics.text();
    EXPECT_THAT(text, HasSubstr(lost("blog", 0) + lost("shop", 3)));
    EXPECT_THAT(text, HasSubstr("c_total{app=\"shop\",n=\"a0\"} 2\n"));
    EXPECT_THAT(text, Not(HasSubstr("c_total{app=\"shop\",n=\"b0\"}")));
    EXPECT_THAT(text, HasSubstr("c_total{app=\"blog\",n=\"b0\"} 1\n"));
}

TEST(AppMetrics, ANewGenerationTakesTheRoomOfWhatOnlyEarlierOnesCounted) {
    AppMetrics metrics;
    metrics.add("shop", 1, counters("a", AppMetrics::kMostSeries).bytes(), IsGone);
    metrics.add("shop", 2, counters("a", 1).bytes(), Lives);

    metrics.add("shop", 2, counters("b", 3).bytes(), Lives);

    const std::string text = metrics.text();
    EXPECT_THAT(text, HasSubstr(lost("shop", 0)));
    EXPECT_THAT(text, HasSubstr("n=\"a0\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("n=\"b2\"} 1\n"));
    EXPECT_THAT(text, Not(HasSubstr("n=\"a1\"}")));
}

TEST(AppMetrics, WhatAWorkerHadNoRoomForIsCounted) {
    MetricsMemory memory = counters("a", 1);
    memory.lose(7);
    AppMetrics former;
    former.add("shop", 1, memory.bytes(), IsGone);
    AppMetrics all = former;

    all.add("shop", 1, memory.bytes(), Lives);

    EXPECT_THAT(all.text(), HasSubstr(lost("shop", 14)));
    EXPECT_THAT(former.text(), HasSubstr(lost("shop", 14)));  // a counter never goes down
}

TEST(AppMetrics, TheNewestGenerationSaysWhatAMetricIs) {
    MetricsMemory before;
    before.add(MetricKind::Histogram, {"took_seconds", ""}, {1, 2, 3}, {0.5});
    before.add(MetricKind::Counter, {"size", "", "of", "it"}, {5});
    MetricsMemory after;
    after.add(MetricKind::Histogram, {"took_seconds", ""}, {1, 1, 2}, {0.25});
    after.add(MetricKind::SumGauge, {"size", ""}, {7});
    AppMetrics metrics;
    metrics.add("shop", 1, before.bytes(), IsGone);

    metrics.add("shop", 2, after.bytes(), Lives);
    metrics.add("shop", 1, before.bytes(), Lives);

    EXPECT_THAT(metrics.text(), EndsWith("# HELP size \n# TYPE size gauge\nsize{app=\"shop\"} 7\n"
                                         "# HELP took_seconds \n# TYPE took_seconds histogram\n"
                                         "took_seconds_bucket{app=\"shop\",le=\"0.25\"} 1\n"
                                         "took_seconds_bucket{app=\"shop\",le=\"+Inf\"} 2\n"
                                         "took_seconds_sum{app=\"shop\"} 2\n"
                                         "took_seconds_count{app=\"shop\"} 2\n"));
}

TEST(AppMetrics, ANameMeansOneThingOnThePage) {
    MetricsMemory blog;
    blog.add(MetricKind::Histogram, {"took", ""}, {1, 2, 3}, {0.5});
    blog.add(MetricKind::SumGauge, {"size", ""}, {1});
    MetricsMemory shop;
    shop.add(MetricKind::Histogram, {"took", ""}, {1, 2, 3}, {0.25});
    shop.add(MetricKind::SumGauge, {"took_bucket", ""}, {1});
    shop.add(MetricKind::Counter, {"size", ""}, {2});
    AppMetrics metrics;

    metrics.add("blog", 1, blog.bytes(), Lives);
    metrics.add("shop", 1, shop.bytes(), Lives);

    testing::internal::CaptureStderr();
    const std::string text = metrics.text();
    EXPECT_EQ(metrics.text(), text);
    const std::string told = testing::internal::GetCapturedStderr();
    EXPECT_THAT(text, HasSubstr("took_bucket{app=\"blog\",le=\"0.5\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("took_bucket{app=\"shop\",le=\"0.25\"} 1\n"));
    EXPECT_THAT(text, Not(HasSubstr("took_bucket{app=\"shop\"}")));
    EXPECT_THAT(text, Not(HasSubstr("size{app=\"shop\"}")));
    EXPECT_THAT(told, HasSubstr("the metric size of app shop is left out: it is a counter, and a "
                                "gauge in app blog; rename one of them"));
    EXPECT_THAT(told, HasSubstr("the metric took_bucket of app shop is left out"));
    EXPECT_EQ(std::ranges::count(told, '\n'), 2);
}

}  // namespace bundle
