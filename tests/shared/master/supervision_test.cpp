#include "shared/master/supervision.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/shared/master/supervision_fixture.hpp"

namespace bundle {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;
using Order = Supervision::Order;
using Step = Supervision::Step;

constexpr ChildNumber kBlog = arbiter_of(1);

}  // namespace

TEST(Supervision, StartsTheFrontAndAnArbiterForEachApplication) {
    Supervision supervision(2, {kDrainTimeout});

    EXPECT_THAT(supervision.due({}),
                ElementsAre(Step{Order::Start, kFront}, Step{Order::Start, kShop},
                            Step{Order::Start, kBlog}));
}

TEST(Supervision, IsReadyWhenTheFrontIsAndEveryApplicationHasAWorker) {
    Server server(2);

    server.supervision.workers_ready(0, 1);
    server.supervision.workers_ready(1, 3);
    EXPECT_EQ(server.supervision.phase(), Phase::Starting);
    server.supervision.front_ready();

    EXPECT_EQ(server.supervision.phase(), Phase::Serving);
}

TEST(Supervision, AnApplicationThatLostItsWorkersBeforeTheOthersWereReadyIsWaitedForAgain) {
    Server server(2);
    server.supervision.front_ready();

    server.supervision.workers_ready(0, 1);
    server.supervision.workers_ready(0, 0);
    server.supervision.workers_ready(1, 1);
    EXPECT_EQ(server.supervision.phase(), Phase::Starting);
    server.supervision.workers_ready(0, 1);

    EXPECT_EQ(server.supervision.phase(), Phase::Serving);
}

TEST(Supervision, ADeadChildIsStartedAgainAtOnce) {
    Server server;
    server.become_ready();

    EXPECT_THAT(server.dies(kFront), Optional(0ms));

    EXPECT_THAT(server.due(), ElementsAre(Step{Order::Start, kFront}));
}

TEST(Supervision, AChildThatKeepsDyingYoungWaitsLongerEachTime) {
    Server server;
    server.become_ready();
    std::vector<milliseconds> delays;

    for (int death = 0; death < 10; ++death) {
        const auto delay = server.dies(kShop);
        ASSERT_TRUE(delay);
        delays.push_back(*delay);
        server.now += *delay;
        server.start_what_is_due();
    }

    EXPECT_THAT(delays,
                ElementsAre(0ms, 100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms, 6400ms, 10s, 10s));
}

TEST(Supervision, AChildThatLivedLongStartsAtOnceHoweverOftenItDiedBefore) {
    Server server;
    server.become_ready();
    for (int death = 0; death < 5; ++death) {
        server.now += server.dies(kShop).value_or(0ms);
        server.start_what_is_due();
    }

    server.now += Supervision::kYoung;

    EXPECT_THAT(server.dies(kShop), Optional(0ms));
}

TEST(Supervision, WhileOneWaitsTheLoopSleepsUntilItIsDue) {
    Server server;
    server.become_ready();
    server.dies(kShop);
    server.start_what_is_due();
    EXPECT_EQ(server.supervision.next_due(), std::nullopt);

    server.dies(kShop);

    EXPECT_THAT(server.due(), IsEmpty());
    EXPECT_EQ(server.supervision.next_due(), server.now + 100ms);
}

TEST(Supervision, AnApplicationThatCannotBeLoadedEndsServeWithItsStatus) {
    Server server(2);

    EXPECT_EQ(server.dies(kShop, {4, 0}), std::nullopt);

    EXPECT_THAT(server.due(), ElementsAre(Step{Order::Hurry, kFront}, Step{Order::Hurry, kBlog}));
    server.dies(kFront, kWell);
    server.dies(kBlog, kWell);
    EXPECT_EQ(server.supervision.phase(), Phase::Over);
    EXPECT_EQ(server.supervision.exit_status(), 4);
}

TEST(Supervision, OnceReadyAnApplicationThatCannotBeLoadedIsTriedAgain) {
    Server server(2);
    server.become_ready();

    EXPECT_THAT(server.dies(kShop, {4, 0}), Optional(0ms));

    EXPECT_EQ(server.supervision.phase(), Phase::Serving);
}

TEST(Supervision, ACrashDuringTheStartIsNoReasonToGiveUp) {
    Server server;

    EXPECT_THAT(server.dies(kShop, kKilled), Optional(0ms));
    EXPECT_EQ(server.supervision.phase(), Phase::Starting);
}

TEST(Supervision, AGracefulStopDrainsTheFrontThenTheApplications) {
    Server server(2);
    server.become_ready();

    server.supervision.stop(StopKind::Graceful, server.now);
    EXPECT_THAT(server.due(), ElementsAre(Step{Order::Drain, kFront}));
    server.dies(kFront, kWell);
    EXPECT_THAT(server.due(), ElementsAre(Step{Order::Drain, kShop}, Step{Order::Drain, kBlog}));
    server.dies(kShop, kWell);
    server.dies(kBlog, kWell);

    EXPECT_EQ(server.supervision.phase(), Phase::Over);
    EXPECT_EQ(server.supervision.exit_status(), 0);
}

TEST(Supervision, WhileTheFrontDrainsItsApplicationsAreKeptAlive) {
    Server server;
    server.become_ready();
    server.supervision.stop(StopKind::Graceful, server.now);
    server.due();

    EXPECT_THAT(server.dies(kShop), Optional(0ms));
    EXPECT_THAT(server.due(), ElementsAre(Step{Order::Start, kShop}));
}

TEST(Supervision, AnApplicationThatDiesWhileItDrainsIsNotStartedAgain) {
    Server server(2);
    server.become_ready();
    server.supervision.stop(StopKind::Graceful, server.now);
    server.dies(kFront, kWell);
    server.due();

    EXPECT_EQ(server.dies(kShop), std::nullopt);

    EXPECT_THAT(server.due(), IsEmpty());
    EXPECT_EQ(server.supervision.phase(), Phase::DrainingApps);
}

TEST(Supervision, WhoDoesNotDrainInTimeIsHurriedThenKilled) {
    Server server;
    server.become_ready();
    server.supervision.stop(StopKind::Graceful, server.now);
    server.due();

    EXPECT_EQ(server.supervision.next_due(), server.now + kDrainTimeout);
    server.now += kDrainTimeout;
    EXPECT_THAT(server.due(), ElementsAre(Step{Order::Hurry, kFront}, Step{Order::Hurry, kShop}));
    EXPECT_EQ(server.supervision.next_due(), server.now + Supervision::kHurryTimeout);
    server.now += Supervision::kHurryTimeout;
    EXPECT_THAT(server.due(), ElementsAre(Step{Order::Kill, kFront}, Step{Order::Kill, kShop}));
    EXPECT_EQ(server.supervision.next_due(), std::nullopt);
}

TEST(Supervision, TheDrainTimeoutBoundsFrontAndApplicationsTogether) {
    Server server;
    server.become_ready();
    server.supervision.stop(StopKind::Graceful, server.now);
    const auto deadline = server.now + kDrainTimeout;
    server.now += 20s;
    server.dies(kFront, kWell);
    server.due();

    EXPECT_EQ(server.supervision.next_due(), deadline);
}

TEST(Supervision, ASecondSignalHurriesAndAThirdKills) {
    Server server;
    server.become_ready();

    server.supervision.stop(StopKind::Graceful, server.now);
    server.due();
    server.supervision.stop(StopKind::Graceful, server.now);
    EXPECT_THAT(server.due(), ElementsAre(Step{Order::Hurry, kFront}, Step{Order::Hurry, kShop}));
    server.supervision.stop(StopKind::Graceful, server.now);

    EXPECT_THAT(server.due(), ElementsAre(Step{Order::Kill, kFront}, Step{Order::Kill, kShop}));
}

TEST(Supervision, AFastStopHurriesEveryoneAtOnce) {
    Server server;
    server.become_ready();

    server.supervision.stop(StopKind::Fast, server.now);

    EXPECT_THAT(server.due(), ElementsAre(Step{Order::Hurry, kFront}, Step{Order::Hurry, kShop}));
    server.dies(kShop, kWell);
    server.dies(kFront, kWell);
    EXPECT_EQ(server.supervision.phase(), Phase::Over);
}

TEST(Supervision, AStopWhileEverybodyWaitsForARestartIsOverAtOnce) {
    Server server;
    server.dies(kFront);
    server.dies(kShop);

    server.supervision.stop(StopKind::Graceful, server.now);

    EXPECT_THAT(server.due(), IsEmpty());
    EXPECT_EQ(server.supervision.phase(), Phase::Over);
}

TEST(Supervision, AServerWithoutApplicationsIsReadyWithItsFrontAndStopsWithIt) {
    Server server(0);
    server.supervision.front_ready();
    EXPECT_EQ(server.supervision.phase(), Phase::Serving);

    server.supervision.stop(StopKind::Graceful, server.now);
    server.dies(kFront, kWell);

    EXPECT_EQ(server.supervision.phase(), Phase::Over);
}

TEST(Supervision, ItServesOnForTheDrainDelayBeforeItDrains) {
    Server server(1, {kDrainTimeout, 5s});
    server.become_ready();

    server.supervision.stop(StopKind::Graceful, server.now);
    EXPECT_EQ(server.supervision.next_due(), server.now + 5s);
    server.dies(kShop);
    EXPECT_THAT(server.due(),
                ElementsAre(Step{Order::NotReady, kFront}, Step{Order::Start, kShop}));
    server.supervision.started(kShop, server.now);
    server.now += 5s;

    EXPECT_THAT(server.due(), ElementsAre(Step{Order::Drain, kFront}));
    EXPECT_EQ(server.supervision.next_due(), server.now + kDrainTimeout);
    server.supervision.stop(StopKind::Graceful, server.now);
    EXPECT_EQ(server.supervision.phase(), Phase::Hurrying);
}

TEST(Supervision, AReloadStartsItsArbitersBesideThoseThatServe) {
    Server server;
    server.become_ready();

    const ChildNumber next = server.supervision.add_candidates(1);

    EXPECT_THAT(server.due(), ElementsAre(Step{Order::Start, next}));
    EXPECT_NE(next, kShop);
}

TEST(Supervision, AtACommitTheArbitersBeforeRetireAndAreNotStartedAgain) {
    Server server;
    server.become_ready();
    const ChildNumber next = server.supervision.add_candidates(1);
    server.start_what_is_due();

    server.supervision.commit(10s, {kDrainTimeout}, server.now);

    EXPECT_THAT(server.due(), ElementsAre(Step{Order::Retire, kShop}));
    EXPECT_EQ(server.dies(kShop, kWell), std::nullopt);
    EXPECT_THAT(server.dies(next), Optional(0ms)) << "the new one is kept alive";
}

TEST(Supervision, WhoRetiresForTooLongIsKilled) {
    Server server;
    server.become_ready();
    server.supervision.add_candidates(1);
    server.start_what_is_due();
    server.supervision.commit(10s, {kDrainTimeout}, server.now);
    server.due();

    EXPECT_EQ(server.supervision.next_due(), server.now + 10s);
    server.now += 10s;

    EXPECT_THAT(server.due(), ElementsAre(Step{Order::Kill, kShop}));
    EXPECT_THAT(server.due(), IsEmpty());
}

TEST(Supervision, AnArbiterThatWaitsForItsStartAtACommitIsForgotten) {
    Server server;
    server.become_ready();
    server.dies(kShop);
    server.start_what_is_due();
    EXPECT_THAT(server.dies(kShop), Optional(100ms));
    server.supervision.add_candidates(1);
    server.start_what_is_due();

    server.supervision.commit(10s, {kDrainTimeout}, server.now);
    server.now += 1s;

    EXPECT_THAT(server.due(), IsEmpty());
}

TEST(Supervision, AnAbandonedReloadHurriesItsArbitersAndLeavesTheOthersAlone) {
    Server server;
    server.become_ready();
    const ChildNumber next = server.supervision.add_candidates(1);
    server.start_what_is_due();

    server.supervision.abandon(server.now);

    EXPECT_THAT(server.due(), ElementsAre(Step{Order::Hurry, next}));
    server.now += Supervision::kHurryTimeout;
    EXPECT_THAT(server.due(), ElementsAre(Step{Order::Kill, next}));
    EXPECT_EQ(server.dies(next), std::nullopt);
    EXPECT_EQ(server.supervision.phase(), Phase::Serving);
}

TEST(Supervision, ACandidateIsStartedOnce) {
    Server server;
    server.become_ready();
    const ChildNumber next = server.supervision.add_candidates(1);
    server.start_what_is_due();

    EXPECT_EQ(server.dies(next), std::nullopt);
    server.now += 1h;

    EXPECT_THAT(server.due(), IsEmpty());
}

TEST(Supervision, AStopWaitsForThoseThatRetire) {
    Server server;
    server.become_ready();
    const ChildNumber next = server.supervision.add_candidates(1);
    server.start_what_is_due();
    server.supervision.commit(10s, {kDrainTimeout}, server.now);
    server.due();
    server.supervision.stop(StopKind::Graceful, server.now);
    server.dies(kFront, kWell);
    server.due();

    server.dies(next, kWell);
    EXPECT_EQ(server.supervision.phase(), Phase::DrainingApps);
    server.dies(kShop, kWell);

    EXPECT_EQ(server.supervision.phase(), Phase::Over);
}

TEST(Supervision, AReloadThatReplacesAStartWhichIsNotReadyMakesItServe) {
    Server server;
    server.supervision.front_ready();
    const ChildNumber next = server.supervision.add_candidates(1);
    server.start_what_is_due();

    server.supervision.commit(10s, {kDrainTimeout}, server.now);

    EXPECT_EQ(server.supervision.phase(), Phase::Serving);
    EXPECT_THAT(server.due(), ElementsAre(Step{Order::Retire, kShop}));
    EXPECT_EQ(server.supervision.children().at(next).role, Supervision::Role::Kept);
}

TEST(Supervision, ACandidateThatCannotBootDoesNotEndTheStartThatItWasToReplace) {
    Server server;
    const ChildNumber next = server.supervision.add_candidates(1);
    server.start_what_is_due();

    server.dies(next, {4, 0});

    EXPECT_EQ(server.supervision.phase(), Phase::Starting);
}

}  // namespace bundle
