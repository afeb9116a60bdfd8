#include "shared/master/reload.hpp"

#include <gtest/gtest.h>

namespace bundle {

namespace {

using namespace std::chrono_literals;

constexpr Reload::Moment kNow{1h};

Reload::App app_of(std::string name, std::uint32_t workers, std::uint32_t min_ready = 1) {
    return {std::move(name), workers, min_ready, 60s};
}

// One whose arbiters boot.
Reload booting(std::vector<Reload::App> apps) {
    Reload reload(std::move(apps), 0, kNow);
    reload.front_prepared(kNow);
    EXPECT_EQ(reload.due(kNow), Reload::Order::Boot);
    return reload;
}

}  // namespace

TEST(Reload, GoesFromTheFrontToTheHooksToTheApplicationsToTheCommit) {
    Reload reload({app_of("shop", 2)}, 1, kNow);
    EXPECT_EQ(reload.due(kNow), std::nullopt);

    reload.front_prepared(kNow);
    EXPECT_EQ(reload.due(kNow), Reload::Order::Announce);
    EXPECT_EQ(reload.due(kNow), std::nullopt);
    reload.arbiter_noted(kNow);
    EXPECT_EQ(reload.due(kNow), Reload::Order::Boot);
    reload.workers_ready(0, 1, kNow);
    EXPECT_EQ(reload.due(kNow), std::nullopt);
    reload.workers_ready(0, 2, kNow);
    EXPECT_EQ(reload.due(kNow), Reload::Order::Commit);

    EXPECT_EQ(reload.stage(), Reload::Stage::Committed);
    EXPECT_EQ(reload.due(kNow), std::nullopt);
}

TEST(Reload, WithoutApplicationsNothingBoots) {
    Reload reload({}, 0, kNow);

    reload.front_prepared(kNow);

    EXPECT_EQ(reload.due(kNow), Reload::Order::Commit);
}

TEST(Reload, WaitsForEveryApplication) {
    Reload reload = booting({app_of("shop", 1), app_of("blog", 1)});

    reload.workers_ready(1, 1, kNow);
    EXPECT_EQ(reload.due(kNow + 10s), std::nullopt);
    reload.workers_ready(0, 1, kNow + 10s);

    EXPECT_EQ(reload.due(kNow + 10s), Reload::Order::Commit);
}

TEST(Reload, EnoughWorkersServeWhenTheOthersDoNotJoinThemSoon) {
    Reload reload = booting({app_of("shop", 8, 2)});

    reload.workers_ready(0, 1, kNow);
    EXPECT_EQ(reload.next_due(), kNow + 60s + Reload::kBootGrace);
    reload.workers_ready(0, 2, kNow + 1s);
    EXPECT_EQ(reload.next_due(), kNow + 1s + Reload::kGatherTimeout);
    reload.workers_ready(0, 3, kNow + 2s);

    EXPECT_EQ(reload.due(kNow + 2s), std::nullopt);
    EXPECT_EQ(reload.due(kNow + 1s + Reload::kGatherTimeout), Reload::Order::Commit);
}

TEST(Reload, WorkersThatDieAgainAreNotEnough) {
    Reload reload = booting({app_of("shop", 8, 2)});

    reload.workers_ready(0, 2, kNow);
    reload.workers_ready(0, 1, kNow);

    EXPECT_EQ(reload.due(kNow + Reload::kGatherTimeout), std::nullopt);
}

TEST(Reload, AnApplicationThatDoesNotBootInTimeMakesItFail) {
    Reload reload = booting({app_of("shop", 8), app_of("blog", 2)});
    reload.workers_ready(0, 8, kNow);

    EXPECT_EQ(reload.due(kNow + 60s + Reload::kBootGrace), Reload::Order::Abandon);

    EXPECT_EQ(reload.stage(), Reload::Stage::Failed);
    EXPECT_EQ(reload.reason(), "app blog: after 60 s 0 of 2 workers are ready, and 1 must be");
    EXPECT_EQ(reload.exit_status(), kExitWorkerFailed);
}

TEST(Reload, AFrontThatDoesNotAnswerMakesItFail) {
    Reload reload({app_of("shop", 1)}, 0, kNow);

    EXPECT_EQ(reload.due(kNow + Reload::kPrepareTimeout), Reload::Order::Abandon);
}

TEST(Reload, AHookThatTakesItsTimeIsNotWaitedForWithoutEnd) {
    Reload reload({app_of("shop", 1)}, 1, kNow);
    reload.front_prepared(kNow);
    reload.due(kNow);

    EXPECT_EQ(reload.due(kNow + Reload::kAnnounceTimeout), Reload::Order::Boot);
}

TEST(Reload, TheFirstReasonCounts) {
    Reload reload = booting({app_of("shop", 1)});

    reload.fail("no module named shop");
    reload.fail("its arbiter died");

    EXPECT_EQ(reload.due(kNow), Reload::Order::Abandon);
    EXPECT_EQ(reload.reason(), "no module named shop");
    reload.workers_ready(0, 1, kNow);
    EXPECT_EQ(reload.due(kNow), std::nullopt);
}

TEST(Reload, NothingFailsAfterTheCommit) {
    Reload reload = booting({app_of("shop", 1)});
    reload.workers_ready(0, 1, kNow);
    EXPECT_EQ(reload.due(kNow), Reload::Order::Commit);

    reload.fail("too late");

    EXPECT_EQ(reload.stage(), Reload::Stage::Committed);
    EXPECT_EQ(reload.due(kNow), std::nullopt);
}

}  // namespace bundle
