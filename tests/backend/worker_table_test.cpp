#include "backend/worker_table.hpp"

#include <gtest/gtest.h>

namespace bundle {
namespace {

using namespace std::chrono_literals;
using Moment = WorkerTable::Moment;

constexpr Moment kBegun{1h};

TEST(WorkerTable, EverySlotIsDueAtTheStart) {
    WorkerTable table(2);

    ASSERT_EQ(table.due(kBegun), 0U);
    table.born(0, 100, kBegun);
    ASSERT_EQ(table.due(kBegun), 1U);
    table.born(1, 101, kBegun);

    EXPECT_EQ(table.due(kBegun), std::nullopt);
    EXPECT_EQ(table.next_due(), std::nullopt);
    EXPECT_EQ(table.running().size(), 2U);
}

TEST(WorkerTable, AWorkerThatServedIsReplacedAtOnce) {
    WorkerTable table(1);
    table.born(0, 100, kBegun);

    table.died(0, Reached::Requests, kBegun + 1ms);

    EXPECT_EQ(table.due(kBegun + 1ms), 0U);
    EXPECT_TRUE(table.running().empty());
}

TEST(WorkerTable, AnIdleWorkerThatIsKilledOnceIsReplacedAtOnce) {
    WorkerTable table(1);
    table.born(0, 100, kBegun);

    table.died(0, Reached::Boot, kBegun + 1ms);

    EXPECT_EQ(table.due(kBegun + 1ms), 0U);
}

TEST(WorkerTable, WorkersThatNeverGetReadyWaitHoweverLongTheyTried) {
    WorkerTable table(1);
    table.born(0, 100, kBegun);
    table.died(0, Reached::Nothing, kBegun + 5s);
    table.born(0, 101, kBegun + 5s);

    table.died(0, Reached::Nothing, kBegun + 10s);

    EXPECT_EQ(table.next_due(), kBegun + 10s + WorkerTable::kFirstDelay);
}

TEST(WorkerTable, WorkersThatKeepDyingYoungWaitLongerAndLonger) {
    WorkerTable table(1);
    Moment now = kBegun;
    std::vector<Moment::duration> waits;

    for (int i = 0; i < 10; ++i) {
        table.born(0, 100 + i, now);
        table.died(0, Reached::Boot, now);
        waits.push_back(*table.next_due() - now);
        EXPECT_EQ(table.due(*table.next_due() - 1ns), std::nullopt);
        now = *table.next_due();
        EXPECT_EQ(table.due(now), 0U);
    }

    const std::vector<Moment::duration> expected = {0ms,    100ms,  200ms,  400ms, 800ms,
                                                    1600ms, 3200ms, 6400ms, 10s,   10s};
    EXPECT_EQ(waits, expected);
}

TEST(WorkerTable, ASlotWaitsForItselfAndNotForOthers) {
    WorkerTable table(2);
    table.born(0, 100, kBegun);
    table.died(0, Reached::Boot, kBegun);
    table.born(0, 101, kBegun);
    table.died(0, Reached::Boot, kBegun);

    EXPECT_EQ(table.due(kBegun), 1U);
}

TEST(WorkerTable, AWorkerThatBootedWellEndsTheWaiting) {
    WorkerTable table(1);
    for (int i = 0; i < 5; ++i) {
        table.born(0, 100, kBegun);
        table.died(0, Reached::Boot, kBegun);
    }
    table.born(0, 100, kBegun);
    table.died(0, Reached::Boot, kBegun + WorkerTable::kYoung);

    EXPECT_EQ(table.due(kBegun + WorkerTable::kYoung), 0U);
}

TEST(WorkerTable, ARefusedForkIsNotTriedAgainAtOnce) {
    WorkerTable table(1);

    table.not_born(0, kBegun);

    EXPECT_EQ(table.due(kBegun), std::nullopt);
    EXPECT_EQ(table.next_due(), kBegun + 100ms);
}

TEST(WorkerTable, NobodyIsDueWhileStopping) {
    WorkerTable table(2);
    table.born(0, 100, kBegun);

    table.stop_spawning();

    EXPECT_EQ(table.due(kBegun), std::nullopt);
    EXPECT_EQ(table.next_due(), std::nullopt);
    EXPECT_EQ(table.running().size(), 1U);
}

TEST(WorkerTable, AReplacementIsBornBesideTheWorkerWhosePlaceItTakes) {
    WorkerTable table(2);
    table.born(0, 100, kBegun);
    table.born(1, 101, kBegun);
    EXPECT_EQ(table.due(kBegun + 1h), std::nullopt);

    table.replace(0);
    ASSERT_EQ(table.due(kBegun), 2U);
    table.born(2, 102, kBegun);
    EXPECT_EQ(table.due(kBegun), std::nullopt);
    EXPECT_EQ(table.running().size(), 3U);
    table.told_to_leave();
    table.died(0, Reached::Requests, kBegun + 1s);

    EXPECT_EQ(table.replacement(), std::nullopt);
    EXPECT_EQ(table.due(kBegun + 1h), std::nullopt);
    table.replace(1);
    EXPECT_EQ(table.due(kBegun + 1s), 0U);
}

TEST(WorkerTable, AReplacementThatDoesNotBootIsTriedAgainWhileTheOldOneGoesOn) {
    WorkerTable table(1);
    table.born(0, 100, kBegun);
    table.replace(0);

    for (int i = 0; i < 2; ++i) {
        table.born(1, 101, kBegun);
        table.died(1, Reached::Boot, kBegun);
    }

    EXPECT_EQ(table.due(kBegun), std::nullopt);
    EXPECT_EQ(table.due(kBegun + WorkerTable::kFirstDelay), 1U);
    EXPECT_EQ(table.running().size(), 1U);
}

TEST(WorkerTable, AWorkerThatDiesBeforeItIsReplacedLeavesItsPlaceToTheReplacement) {
    WorkerTable table(1);
    table.born(0, 100, kBegun);
    table.replace(0);

    table.died(0, Reached::Requests, kBegun);

    EXPECT_EQ(table.due(kBegun), 1U);
    table.born(1, 101, kBegun);
    EXPECT_EQ(table.due(kBegun + 1h), std::nullopt);
}

TEST(WorkerTable, MoreWorkersAreDueAtOnce) {
    WorkerTable table(1);
    table.born(0, 100, kBegun);

    table.resize(2);

    EXPECT_EQ(table.due(kBegun), 1U);
}

TEST(WorkerTable, WhoIsTooManyIsDismissedOnceAndNotReplaced) {
    WorkerTable table(2);
    table.born(0, 100, kBegun);
    table.born(1, 101, kBegun);

    table.resize(1);

    const auto dismissed = table.dismiss_surplus(kBegun + 5s);
    ASSERT_EQ(dismissed.size(), 1U);
    EXPECT_EQ(dismissed.front().pid, 101);
    EXPECT_TRUE(table.dismiss_surplus(kBegun + 5s).empty());
    EXPECT_EQ(table.next_due(), kBegun + 5s);
    table.died(1, Reached::Requests, kBegun + 1s);
    EXPECT_EQ(table.due(kBegun + 1s), std::nullopt);
    EXPECT_EQ(table.next_due(), std::nullopt);
}

TEST(WorkerTable, WhoRunsInTheHighestSlotAfterAReplacementIsTooManyFirst) {
    WorkerTable table(2);
    table.born(0, 100, kBegun);
    table.born(1, 101, kBegun);
    table.replace(0);
    table.born(2, 102, kBegun);
    table.died(0, Reached::Requests, kBegun);

    table.resize(1);

    const auto dismissed = table.dismiss_surplus(kBegun + 5s);
    ASSERT_EQ(dismissed.size(), 1U);
    EXPECT_EQ(dismissed.front().pid, 102);
    table.died(2, Reached::Requests, kBegun);
    EXPECT_EQ(table.due(kBegun + 1h), std::nullopt);
}

TEST(WorkerTable, AReplacementThatIsTooManyIsDismissedAsAnyOther) {
    WorkerTable table(2);
    table.born(0, 100, kBegun);
    table.born(1, 101, kBegun);
    table.replace(0);
    table.born(2, 102, kBegun);

    table.resize(1);

    EXPECT_EQ(table.replacement(), std::nullopt);
    EXPECT_EQ(table.dismiss_surplus(kBegun + 5s).size(), 2U);
}

TEST(WorkerTable, ADismissedWorkerIsOverdueOnce) {
    WorkerTable table(2);
    table.born(1, 101, kBegun);
    table.resize(1);
    table.dismiss_surplus(kBegun + 5s);

    EXPECT_TRUE(table.overdue(kBegun + 4s).empty());
    EXPECT_EQ(table.overdue(kBegun + 5s).size(), 1U);
    EXPECT_TRUE(table.overdue(kBegun + 5s).empty());

    table.dismiss(1, kBegun + 9s);
    EXPECT_TRUE(table.overdue(kBegun + 8s).empty());
    EXPECT_EQ(table.overdue(kBegun + 9s).size(), 1U);
}

TEST(WorkerTable, ASlotThatIsWantedAgainGetsANewWorkerWhenTheDismissedOneIsGone) {
    WorkerTable table(1);
    table.born(0, 100, kBegun);
    table.resize(2);
    table.born(1, 101, kBegun);
    table.resize(1);
    table.dismiss_surplus(kBegun + 5s);
    table.resize(2);

    EXPECT_EQ(table.due(kBegun), std::nullopt);
    table.died(1, Reached::Requests, kBegun + 1s);

    EXPECT_EQ(table.due(kBegun + 1s), 1U);
}

}  // namespace
}  // namespace bundle
