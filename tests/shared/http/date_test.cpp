#include "shared/http/date.hpp"

#include <gtest/gtest.h>

namespace bundle {

using namespace std::chrono;
using namespace std::chrono_literals;

namespace {

constexpr sys_seconds kExample = sys_days{1994y / November / 6} + 8h + 49min + 37s;

}  // namespace

TEST(HttpDate, IsWrittenAsRfc9110Wants) {
    EXPECT_EQ(http_date(kExample), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(http_date(kExample + 999ms), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(http_date(sys_seconds{}), "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST(HttpDate, IsReadInAllThreeForms) {
    EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), kExample);
    EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), kExample);
    EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994"), kExample);
    EXPECT_EQ(parse_http_date("Wed Nov 16 08:49:37 1994"), kExample + days{10});
}

TEST(HttpDate, IsReadBackAsItWasWritten) {
    for (auto moment = sys_seconds{}; moment < sys_days{2100y / January / 1}; moment += 123h + 457s)
        ASSERT_EQ(parse_http_date(http_date(moment)), moment) << http_date(moment);
}

TEST(HttpDate, TwoDigitsOfAYearMeanAtMostFiftyYearsAhead) {
    const sys_days now = 2026y / November / 20;

    EXPECT_EQ(parse_http_date("Friday, 01-Jan-76 00:00:00 GMT", now),
              sys_days{2076y / January / 1});
    EXPECT_EQ(parse_http_date("Friday, 01-Jan-77 00:00:00 GMT", now),
              sys_days{1977y / January / 1});
}

TEST(HttpDate, ALeapSecondIsTheNextMinute) {
    EXPECT_EQ(parse_http_date("Sat, 31 Dec 2016 23:59:60 GMT"), sys_days{2017y / January / 1});
}

TEST(HttpDate, AnythingElseIsNoDate) {
    for (const char* text : {"",
                             "Sun",
                             "Sun,",
                             "Sun, ",
                             "0",
                             "Sun, 06 Nov 1994 08:49:37",
                             "Sun, 06 Nov 1994 08:49:37 GMT ",
                             " Sun, 06 Nov 1994 08:49:37 GMT",
                             "Sun, 6 Nov 1994 08:49:37 GMT",
                             "Sun, 06 Nov 94 08:49:37 GMT",
                             "Sun, 06 nov 1994 08:49:37 GMT",
                             "Sun, 06 Nov 1994 24:49:37 GMT",
                             "Sun, 06 Nov 1994 08:60:37 GMT",
                             "Sun, 06 Nov 1994 08:49:61 GMT",
                             "Sun, 31 Feb 1994 08:49:37 GMT",
                             "Sun, 00 Nov 1994 08:49:37 GMT",
                             "Xyz, 06 Nov 1994 08:49:37 GMT",
                             "Sun, 06 Nov 1994 08:49:37 UTC",
                             "Sunday, 06-Nov-1994 08:49:37 GMT",
                             "Sun Nov 06 08:49:37 94",
                             "Sun Nov  x 08:49:37 1994",
                             "-1",
                             "Sun, -6 Nov 1994 08:49:37 GMT"})
        EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
}

TEST(DateField, IsWrittenAnewWhenTheSecondChanges) {
    DateField date;

    EXPECT_EQ(date.at(kExample), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(date.at(kExample + 400ms), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(date.at(kExample + 1s), "Sun, 06 Nov 1994 08:49:38 GMT");
    EXPECT_EQ(date.at(kExample), "Sun, 06 Nov 1994 08:49:37 GMT");
}

}  // namespace bundle
