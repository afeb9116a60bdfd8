#include "backend/recycling.hpp"

#include <gtest/gtest.h>

namespace bundle {

namespace {

using namespace std::chrono_literals;

constexpr Recycling::Moment kStart{1000s};

AppConfig app_with(void (*adjust)(AppConfig&)) {
    AppConfig app;
    adjust(app);
    return app;
}

}  // namespace

TEST(Recycling, NobodyIsReplacedUnlessTheFileSaysSo) {
    Recycling recycling({}, 1);

    EXPECT_EQ(recycling.born(0), 0U);
    EXPECT_EQ(recycling.reason({.born = kStart, .requests = 1'000'000}, kStart + 8760h),
              std::nullopt);
    EXPECT_EQ(recycling.next_look(), std::nullopt);
}

TEST(Recycling, AWorkerIsReplacedAfterItsRequestsWhoseNumberHasJitter) {
    Recycling recycling(app_with([](AppConfig& app) {
                            app.max_requests = 1000;
                            app.max_requests_jitter = 100;
                        }),
                        64);
    std::uint64_t least = UINT64_MAX;
    std::uint64_t most = 0;

    for (std::uint32_t slot = 0; slot < 64; ++slot) {
        const std::uint64_t requests = recycling.born(slot);
        least = std::min(least, requests);
        most = std::max(most, requests);
        EXPECT_EQ(
            recycling.reason({.slot = slot, .born = kStart, .requests = requests - 1}, kStart),
            std::nullopt);
        EXPECT_EQ(recycling.reason({.slot = slot, .born = kStart, .requests = requests}, kStart),
                  "served " + std::to_string(requests) + " requests");
    }

    EXPECT_GE(least, 1000U);
    EXPECT_LE(most, 1100U);
    EXPECT_LT(least, most);
}

TEST(Recycling, AWorkerIsReplacedWhenItIsOld) {
    Recycling recycling(app_with([](AppConfig& app) { app.max_age = 1h; }), 1);
    recycling.born(0);

    EXPECT_EQ(recycling.reason({.born = kStart}, kStart + 59min), std::nullopt);
    EXPECT_EQ(recycling.reason({.born = kStart}, kStart + 1h), "older than 1h");
}

TEST(Recycling, AWorkerThatHoldsTooMuchBetweenRequestsIsReplaced) {
    Recycling recycling(app_with([](AppConfig& app) { app.max_rss = 200_MiB; }), 1);
    recycling.born(0);
    const Recycling::Worker idle{.born = kStart};

    recycling.note_memory(idle, 200_MiB);
    EXPECT_EQ(recycling.reason(idle, kStart), std::nullopt);
    recycling.note_memory(idle, 201_MiB);
    EXPECT_EQ(recycling.reason(idle, kStart), "holds 201M of memory, more than 200M");
    recycling.born(0);
    EXPECT_EQ(recycling.reason(idle, kStart), std::nullopt);
}

TEST(Recycling, WhatOneRequestNeedsIsNotTakenForALeak) {
    Recycling recycling(app_with([](AppConfig& app) { app.max_rss = 200_MiB; }), 1);
    recycling.born(0);
    const Recycling::Worker busy{.born = kStart, .busy = true};

    recycling.note_memory(busy, 300_MiB);
    EXPECT_EQ(recycling.reason(busy, kStart), std::nullopt);
    recycling.note_memory(busy, 100_MiB);
    recycling.note_memory(busy, 300_MiB);
    EXPECT_EQ(recycling.reason(busy, kStart), std::nullopt);
    recycling.note_memory(busy, 300_MiB);
    EXPECT_NE(recycling.reason(busy, kStart), std::nullopt);
}

TEST(Recycling, ItLooksNowAndThen) {
    Recycling recycling(app_with([](AppConfig& app) { app.max_rss = 200_MiB; }), 1);

    EXPECT_TRUE(recycling.looks(kStart));
    EXPECT_FALSE(recycling.looks(kStart + 1s));
    EXPECT_EQ(recycling.next_look(), kStart + Recycling::kLookEvery);
    EXPECT_TRUE(recycling.looks(kStart + Recycling::kLookEvery));
}

}  // namespace bundle
