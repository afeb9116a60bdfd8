#include "frontend/answer/header_changes.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace bundle {

namespace {

// The names of those of the answer's fields that stay, then the lines that are added.
std::string told(const HeaderChanges& changes, const std::vector<std::string>& names) {
    HeaderChanges::Pass pass(&changes);
    std::string text;
    for (const std::string& name : names)
        if (pass.keeps(name)) text += name + " ";
    HeadWriter writer(text, HttpVersion::Http11);
    pass.append_to(writer);
    return text;
}

}  // namespace

TEST(HeaderChanges, ASetFieldStandsInPlaceOfTheAnswersOwn) {
    HeaderChanges changes;
    changes.set("X-A", "1");

    EXPECT_EQ(told(changes, {"Content-Type", "x-a", "X-A", "X-AB"}),
              "Content-Type X-AB X-A: 1\r\n");
}

TEST(HeaderChanges, AnAppendedFieldStandsBesideTheAnswersOwn) {
    HeaderChanges changes;
    changes.append("Link", "</a>");
    changes.append("Link", "</b>");

    EXPECT_EQ(told(changes, {"link"}), "link Link: </a>\r\nLink: </b>\r\n");
}

TEST(HeaderChanges, ARemovedFieldIsGone) {
    HeaderChanges changes;
    changes.remove("X-Powered-By");

    EXPECT_EQ(told(changes, {"x-powered-by", "Server"}), "Server ");
}

TEST(HeaderChanges, WhatMayBeMissingIsAddedOnlyThen) {
    HeaderChanges changes;
    changes.set_if_missing("X-Frame-Options", "DENY");
    changes.set_if_missing("X-Content-Type-Options", "nosniff");

    EXPECT_EQ(told(changes, {"x-frame-options"}),
              "x-frame-options X-Content-Type-Options: nosniff\r\n");
    EXPECT_EQ(told(changes, {}), "X-Frame-Options: DENY\r\nX-Content-Type-Options: nosniff\r\n")
        << "one answer leaves no trace on the next";
}

TEST(HeaderChanges, TheLastWordOnANameCounts) {
    HeaderChanges changes;
    changes.set_if_missing("X-A", "preset");
    changes.set("X-A", "site");
    changes.append("X-A", "more");
    changes.set("x-a", "route");
    changes.set("X-B", "site");
    changes.remove("X-B");
    changes.remove("X-C");
    changes.set("X-C", "route");

    EXPECT_EQ(told(changes, {"X-A", "X-B", "X-C"}), "x-a: route\r\nX-C: route\r\n");
}

TEST(HeaderChanges, WhoDecidesANameNeedNotHaveAValueForIt) {
    HeaderChanges changes;
    changes.set("Server", "mine");
    changes.remove("Date");
    changes.append("X-Request-ID", "more");

    EXPECT_TRUE(changes.decide("server"));
    EXPECT_TRUE(changes.decide("date"));
    EXPECT_FALSE(changes.decide("x-request-id"));
}

}  // namespace bundle
