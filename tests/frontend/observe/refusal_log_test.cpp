#include "frontend/observe/refusal_log.hpp"

#include <gtest/gtest.h>

#include <map>

namespace bundle {

using namespace std::chrono_literals;

namespace {

std::map<Limit, std::uint64_t> swept(RefusalLog& log, RefusalLog::TimePoint now) {
    std::map<Limit, std::uint64_t> told;
    log.sweep(now, [&](Limit limit, std::uint64_t more) { told[limit] = more; });
    return told;
}

}  // namespace

TEST(RefusalLog, TellsAFewOfEachLimitInASecondAndThenHowManyMore) {
    RefusalLog log;
    const RefusalLog::TimePoint start{1h};
    unsigned told = 0;
    for (int i = 0; i < 1239; ++i) told += log.may_tell(Limit::Body, start) ? 1 : 0;
    EXPECT_EQ(told, RefusalLog::kLinesPerSecond);
    EXPECT_TRUE(log.may_tell(Limit::HeadTimeout, start));

    EXPECT_TRUE(swept(log, start + 999ms).empty());
    EXPECT_EQ(swept(log, start + 1s), (std::map<Limit, std::uint64_t>{
                                          {Limit::Body, 1234}
    }));
    EXPECT_TRUE(swept(log, start + 2s).empty());
}

TEST(RefusalLog, TheNextSecondHasLinesOfItsOwn) {
    RefusalLog log;
    const RefusalLog::TimePoint start{1h};
    while (log.may_tell(Limit::Body, start)) {
    }

    EXPECT_TRUE(log.may_tell(Limit::Body, start + 1s));
}

}  // namespace bundle
