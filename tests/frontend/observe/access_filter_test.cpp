#include "frontend/observe/access_filter.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace bundle {

AccessLogConfig sampled(double sample) {
    AccessLogConfig config;
    config.sample = sample;
    return config;
}

int taken_of_ten_thousand(const AccessFilter& filter, bool are_remarkable) {
    int taken = 0;
    for (int i = 0; i < 10'000; ++i)
        if (filter.takes("/", {}, fmt::format("01JD4F9Y7QK3V8W2M5T6X9{:04}", i), are_remarkable))
            ++taken;
    return taken;
}

TEST(AccessFilter, TakesEverythingUnlessToldOtherwise) {
    EXPECT_TRUE(AccessFilter(sampled(1)).takes_all());
    EXPECT_EQ(taken_of_ten_thousand(AccessFilter(sampled(1)), false), 10'000);
}

TEST(AccessFilter, ASampleIsOfThatSize) {
    EXPECT_NEAR(taken_of_ten_thousand(AccessFilter(sampled(0.1)), false), 1000, 150);
    EXPECT_EQ(taken_of_ten_thousand(AccessFilter(sampled(0)), false), 0);
}

TEST(AccessFilter, WhatWentWrongIsInEverySample) {
    EXPECT_EQ(taken_of_ten_thousand(AccessFilter(sampled(0)), true), 10'000);
}

TEST(AccessFilter, ExcludedPathsAreWrittenAsThoseOfRoutes) {
    AccessLogConfig config;
    config.exclude = {"/healthz", "=/favicon.ico", "*.map"};
    const AccessFilter filter(config);

    for (const char* path : {"/healthz", "/healthz/deep", "/favicon.ico", "/static/app.js.map"})
        EXPECT_FALSE(filter.takes(path, {}, "id", true)) << path;
    for (const char* path : {"/healthzz", "/favicon.ico/x", "/"})
        EXPECT_TRUE(filter.takes(path, {}, "id", false)) << path;
}

TEST(AccessFilter, WhoeverCallsItselfSoHasOnlyLinesOfWhatWentWrong) {
    AccessLogConfig config = sampled(1);
    config.exclude_agents = {"kube-probe/", "ELB-"};
    const AccessFilter filter(config);
    const auto takes = [&](const char* agent, bool is_remarkable) {
        return filter.takes("/",
                            {
                                {"host",       "kube-probe/"},
                                {"user-agent", agent        }
        },
                            "id", is_remarkable);
    };

    EXPECT_FALSE(filter.takes_all());
    EXPECT_FALSE(takes("kube-probe/1.29", false));
    EXPECT_FALSE(takes("Amazon ELB-HealthChecker/2.0", false));
    EXPECT_TRUE(takes("kube-probe/1.29", true));
    EXPECT_TRUE(takes("Kube-Probe", false));
    EXPECT_TRUE(filter.takes("/", {}, "id", false));
}

}  // namespace bundle
