#include "frontend/http2/flood_guard.hpp"

#include <gtest/gtest.h>

namespace bundle::http2 {

namespace {

using namespace std::chrono_literals;
using TimePoint = FloodGuard::TimePoint;

Http2Config config_of(std::uint32_t resets, std::uint32_t control_frames) {
    Http2Config config;
    config.max_resets = resets;
    config.max_control_frames = control_frames;
    return config;
}

const Http2Config kConfig = config_of(2, 3);

int allowed(FloodGuard& guard) {
    int frames = 0;
    while (guard.control_frame()) ++frames;
    return frames;
}

}  // namespace

TEST(FloodGuard, SoManyResetsAreAllowedInTenSeconds) {
    FloodGuard guard(kConfig);
    guard.begin_turn(TimePoint(100s));
    EXPECT_TRUE(guard.reset());
    EXPECT_TRUE(guard.reset());
    EXPECT_FALSE(guard.reset());

    guard.begin_turn(TimePoint(109s));
    EXPECT_FALSE(guard.reset());
    guard.begin_turn(TimePoint(110s));
    EXPECT_TRUE(guard.reset());
}

TEST(FloodGuard, TenFramesWithHardlyAnythingInThemAreOne) {
    FloodGuard guard(kConfig);
    guard.begin_turn(TimePoint(100s));
    int frames = 0;
    while (guard.sparse_frame()) ++frames;

    EXPECT_EQ(frames, 39);
}

TEST(FloodGuard, AHeadAllowsTwoMoreControlFrames) {
    FloodGuard guard(kConfig);
    guard.begin_turn(TimePoint(100s));
    guard.head_moved();

    EXPECT_EQ(allowed(guard), 5);
}

TEST(FloodGuard, ABodyAllowsMoreByItsBytes) {
    FloodGuard guard(kConfig);
    guard.begin_turn(TimePoint(100s));
    guard.body_moved(0);
    guard.body_moved(1);
    guard.body_moved(16'384);

    EXPECT_EQ(allowed(guard), 3 + 1 + 9);
}

TEST(FloodGuard, WhatWasNotUsedIsKeptForTheNextTenSeconds) {
    FloodGuard guard(kConfig);
    guard.begin_turn(TimePoint(100s));
    guard.body_moved(16'384);
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(guard.control_frame());

    guard.begin_turn(TimePoint(110s));
    EXPECT_EQ(allowed(guard), 3 + 9 - 2);
    guard.begin_turn(TimePoint(120s));
    EXPECT_EQ(allowed(guard), 3);
}

TEST(FloodGuard, ItKeepsNotMoreThanMayBeOnItsWay) {
    FloodGuard guard(kConfig);
    guard.begin_turn(TimePoint(100s));
    guard.body_moved(1U << 30U);
    guard.begin_turn(TimePoint(110s));

    EXPECT_EQ(allowed(guard), 3 + 16'384);
}

}  // namespace bundle::http2
