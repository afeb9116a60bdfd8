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

TEST(FloodGuard, WhatMovesAllowsTwoMoreControlFrames) {
    FloodGuard guard(kConfig);
    guard.begin_turn(TimePoint(100s));
    guard.moved();

    for (int i = 0; i < 5; ++i) EXPECT_TRUE(guard.control_frame());
    EXPECT_FALSE(guard.control_frame());
}

}  // namespace bundle::http2
