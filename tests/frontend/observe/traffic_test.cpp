#include "frontend/observe/traffic.hpp"

#include <gtest/gtest.h>

namespace bundle {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Traffic::Moment at(milliseconds time) { return Traffic::Moment(seconds(100) + time); }

// Of an application: 1 ms read, 2 in the queue, 4 to its first byte, 8 in all, 16 sent.
RequestTimes times() {
    RequestTimes times;
    times.asked_app = true;
    times.received = RequestTimes::Moment(seconds(1));
    times.whole = times.received + milliseconds(1);
    times.handed_over = times.whole + milliseconds(2);
    times.first = times.handed_over + milliseconds(4);
    times.done = times.handed_over + milliseconds(8);
    times.sent = times.done + milliseconds(16);
    return times;
}

}  // namespace

TEST(Traffic, ASecondIsWhatCameSinceTheOneBefore) {
    CounterTable table;
    Traffic traffic;
    table.of_route("a", "/")->count(200, 1, times());
    EXPECT_TRUE(traffic.look(table, at(milliseconds(0))));
    EXPECT_TRUE(traffic.seconds().empty());

    table.of_route("a", "/")->count(200, 1, times());
    table.of_route("b", "/")->count(503, 1, times());
    EXPECT_FALSE(traffic.look(table, at(milliseconds(500))));
    EXPECT_TRUE(traffic.look(table, at(milliseconds(2'000))));
    traffic.note_load(7, 3);

    ASSERT_EQ(traffic.seconds().size(), 1U);
    const TrafficSecond& second = traffic.seconds().back();
    EXPECT_DOUBLE_EQ(second.requests, 1);  // two of them in two seconds
    EXPECT_DOUBLE_EQ(second.failed, 0.5);
    const std::array<double, 5> parts = {0.001, 0.002, 0.004, 0.004, 0.016};
    for (std::size_t i = 0; i < parts.size(); ++i) EXPECT_NEAR(second.parts[i], parts[i], 1e-9);
    EXPECT_EQ(second.waiting, 7U);
    EXPECT_EQ(second.busy, 3U);
}

TEST(Traffic, WithoutRequestsThereIsNoTimeToTell) {
    const CounterTable table;
    Traffic traffic;

    traffic.look(table, at(milliseconds(0)));
    traffic.look(table, at(milliseconds(1'000)));

    EXPECT_EQ(traffic.seconds().back().requests, 0);
    EXPECT_EQ(traffic.seconds().back().parts[0], 0);
}

TEST(Traffic, TheLastMinutesAreKept) {
    const CounterTable table;
    Traffic traffic;

    for (std::size_t i = 0; i < 2 * Traffic::kMost; ++i)
        traffic.look(table, at(milliseconds(1'000 * i)));

    EXPECT_EQ(traffic.seconds().size(), Traffic::kMost);
}

}  // namespace bundle
