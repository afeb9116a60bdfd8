#include "frontend/observe/slow_text.hpp"

#include <gmock/gmock.h>

namespace bundle {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

SlowRequest ended(std::string id, std::string route, milliseconds took) {
    return {.id = std::move(id),
            .app = "shop",
            .line = "GET " + route,
            .site = "shop.example",
            .route = std::move(route),
            .status = 200,
            .took = took,
            .stack = {}};
}

}  // namespace

TEST(SlowRequests, WhatWasSeenAndHowItEndedComeTogetherInAnyOrder) {
    SlowRequests slow;

    slow.saw("shop", "one", "GET /report", "here");
    slow.ended(ended("one", "/report", seconds{4}));
    slow.ended(ended("two", "/report", seconds{5}));
    slow.saw("shop", "two", "GET /report", "there");

    ASSERT_EQ(slow.all().size(), 2U);
    EXPECT_EQ(slow.all()[0].stack, "here");
    EXPECT_EQ(slow.all()[0].took, seconds{4});
    EXPECT_EQ(slow.all()[1].stack, "there");
    EXPECT_EQ(slow.all()[1].route, "/report");
}

TEST(SlowRequests, TheOldestMakeRoom) {
    SlowRequests slow;

    for (std::size_t i = 0; i <= SlowRequests::kMost; ++i)
        slow.saw("shop", std::to_string(i), "GET /", "");

    EXPECT_EQ(slow.all().size(), SlowRequests::kMost);
    EXPECT_EQ(slow.all().front().id, "1");
}

TEST(SlowText, TheRouteThatTookMostStandsFirstWithItsMostCommonStack) {
    SlowRequests slow;
    slow.ended(ended("a", "/quick", milliseconds{3'100}));
    for (const char* id : {"b", "c", "d"}) {
        slow.ended(ended(id, "/report", seconds{id[0] == 'c' ? 9 : 4}));
        slow.saw("shop", id, "GET /report?year=2020",
                 id[0] == 'b' ? "rarely\nhere" : "often\n\"here\"");
    }

    const std::string text = slow_text(slow);

    EXPECT_THAT(text,
                HasSubstr("route /report of shop.example, app shop: 3 slow, 17.0s in all, the "
                          "worst 9.0s\n  GET /report?year=2020  c  status 200  9.0s\n"));
    EXPECT_LT(text.find("/report"), text.find("/quick"));
    EXPECT_LT(text.find("2 of 3 stood here:\n      often\n      \"here\"\n"),
              text.find("1 of 3 stood here:\n      rarely\n"));
}

TEST(SlowText, WhatStillRunsStandsBeforeAll) {
    SlowRequests slow;
    slow.ended(ended("a", "/report", seconds{60}));
    slow.saw("shop", "b", "GET /hangs", "here");

    EXPECT_EQ(slow_text(slow).rfind("app shop: 1 still running", 0), 0U);
    EXPECT_THAT(slow_json(slow), HasSubstr("\"running\": true"));
}

TEST(SlowText, WhatClientsSendIsEscaped) {
    SlowRequests slow;
    slow.saw("shop", "a", "GET /\x1b[2J", "\x1b[2J");

    EXPECT_THAT(slow_text(slow), Not(HasSubstr("\x1b")));
    EXPECT_THAT(slow_json(slow), Not(HasSubstr("\x1b")));
}

TEST(SlowText, WithoutSlowRequestsItSaysSo) {
    EXPECT_EQ(slow_text({}), "no request has taken longer than slow_after\n");
    EXPECT_EQ(slow_json({}), "[\n]\n");
}

}  // namespace bundle
