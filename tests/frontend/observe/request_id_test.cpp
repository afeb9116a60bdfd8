#include "frontend/observe/request_id.hpp"

#include <gmock/gmock.h>

#include <set>
#include <string>

namespace bundle {

using std::chrono::milliseconds;
using std::chrono::system_clock;

constexpr system_clock::time_point kMoment{milliseconds{1'700'000'000'123}};

TEST(RequestIds, AnIdIsTwentySixCharactersThatNobodyMisreads) {
    RequestIds ids;

    const RequestId id = ids.next(kMoment);

    EXPECT_EQ(id.view().size(), 26U);
    EXPECT_EQ(id.view().find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ"), std::string::npos);
}

TEST(RequestIds, AnIdBeginsWithItsMillisecond) {
    RequestIds ids;

    EXPECT_EQ(ids.next(kMoment).view().substr(0, 10), "01HF7YAT3V");
    EXPECT_EQ(ids.next(kMoment + milliseconds{1}).view().substr(0, 10), "01HF7YAT3W");
}

TEST(RequestIds, IdsOfOneMillisecondDifferAndKeepTheirOrder) {
    RequestIds ids;
    std::string last;
    std::set<std::string> ends;

    for (int i = 0; i < 10'000; ++i) {
        const std::string id(ids.next(kMoment).view());
        ASSERT_LT(last, id);
        ends.insert(id.substr(22));
        last = id;
    }

    EXPECT_GT(ends.size(), 9'000U) << "the next id can be told from the last";
}

TEST(RequestIds, AClockThatIsSetBackDoesNotRepeatAnId) {
    RequestIds ids;
    const std::string before(ids.next(kMoment).view());

    const std::string after(ids.next(kMoment - milliseconds{5'000}).view());

    EXPECT_LT(before, after);
}

TEST(RequestIds, TwoSourcesDoNotMeet) {
    RequestIds one;
    RequestIds other;

    EXPECT_NE(one.next(kMoment), other.next(kMoment));
}

TEST(RequestId, ThatSomebodyElseChoseIsTakenWhenEveryLogCanShowIt) {
    for (const char* good :
         {"1", "7f3c2a90-11d2-4f5e-9a56-0a1b2c3d4e5f", "Root=1-67891233-abc@x/y+z"})
        EXPECT_EQ(RequestId::from(good)->view(), good);
    EXPECT_TRUE(RequestId::from(std::string(RequestId::kLongest, 'a')));

    EXPECT_FALSE(RequestId::from(""));
    EXPECT_FALSE(RequestId::from(std::string(RequestId::kLongest + 1, 'a')));
    for (const char* bad : {"a b", "a\"b", "a\nb", "<a>", "a;b", "\xc3\xa9", "a,b"})
        EXPECT_FALSE(RequestId::from(bad)) << bad;
}

}  // namespace bundle
