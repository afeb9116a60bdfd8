#include "frontend/observe/trace_context.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace bundle {

const std::string kTrace = "4bf92f3577b34da6a3ce929d0e0e4736";

TEST(TraceContext, TheIdOfATraceIsRead) {
    EXPECT_EQ(trace_id_of("00-" + kTrace + "-00f067aa0ba902b7-01"), kTrace);
}

TEST(TraceContext, ALaterVersionMaySayMore) {
    EXPECT_EQ(trace_id_of("cc-" + kTrace + "-00f067aa0ba902b7-01-what.the.future.will.be"), kTrace);
}

TEST(TraceContext, WhatIsMalformedHasNone) {
    const std::array<std::string, 9> malformed = {
        "",
        "00",
        "00-" + kTrace + "-00f067aa0ba902b7",
        "00-" + kTrace + "-00f067aa0ba902b7-01-more",
        "cc-" + kTrace + "-00f067aa0ba902b7-01.more",
        "ff-" + kTrace + "-00f067aa0ba902b7-01",
        "00-" + std::string(32, '0') + "-00f067aa0ba902b7-01",
        "00-" + kTrace + "-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"};

    for (const std::string& value : malformed) EXPECT_EQ(trace_id_of(value), "") << value;
}

}  // namespace bundle
