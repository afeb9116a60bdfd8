#include "frontend/observe/recent_events.hpp"

#include <gtest/gtest.h>

namespace bundle {

namespace {

using std::chrono::seconds;
using enum RecentEvents::Kind;

RecentEvents::Moment at(int second) { return RecentEvents::Moment(seconds(second)); }

}  // namespace

TEST(RecentEvents, TheNewestStandsFirst) {
    RecentEvents events;

    events.add(Note, "the front began", at(1));
    events.add(Trouble, "a worker died", at(2));

    ASSERT_EQ(events.all().size(), 2U);
    EXPECT_EQ(events.all()[0].text, "a worker died");
    EXPECT_EQ(events.all()[0].kind, Trouble);
    EXPECT_EQ(events.all()[1].at, at(1));
}

TEST(RecentEvents, TheSameAgainWithinAMinuteIsCounted) {
    RecentEvents events;

    events.add(Trouble, "the queue is full", at(0), 5);
    events.add(Note, "generation 2 serves", at(1));
    events.add(Trouble, "the queue is full", at(59), 2);
    events.add(Trouble, "the queue is full", at(200));

    ASSERT_EQ(events.all().size(), 3U);
    EXPECT_EQ(events.all()[0].count, 1U);
    EXPECT_EQ(events.all()[1].count, 7U);
    EXPECT_EQ(events.all()[1].at, at(59));
}

TEST(RecentEvents, OldOnesMakeRoomForNewOnes) {
    RecentEvents events;

    for (std::size_t i = 0; i <= RecentEvents::kMost; ++i)
        events.add(Note, std::to_string(i), at(0));

    EXPECT_EQ(events.all().size(), RecentEvents::kMost);
    EXPECT_EQ(events.all().back().text, "1");
}

}  // namespace bundle
