#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/shared/master/supervision_fixture.hpp"

namespace bundle {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Optional;
using Order = Supervision::Order;
using Step = Supervision::Step;

// An upgrade of one application: the front before, its arbiter, and what is to replace them.
struct Upgrade : Server {
    Upgrade() {
        become_ready();
        front = supervision.add_front_candidate();
        shop = supervision.add_candidates(1);
        start_what_is_due();
    }
    void commit() { supervision.commit_upgrade(1h, 10s, {kDrainTimeout}, now); }

    ChildNumber front;
    ChildNumber shop;
};

}  // namespace

TEST(Supervision, AtAnUpgradeTheFrontHandsOverAndItsArbitersServeItToItsEnd) {
    Upgrade server;

    server.commit();
    EXPECT_THAT(server.due(), ElementsAre(Step{Order::HandOver, kFront}));
    EXPECT_EQ(server.dies(kFront, kWell), std::nullopt);

    EXPECT_THAT(server.due(), ElementsAre(Step{Order::Drain, kShop}));
    EXPECT_EQ(server.supervision.next_due(), server.now + 10s);
    EXPECT_EQ(server.dies(kShop, kWell), std::nullopt);
    EXPECT_THAT(server.dies(server.front), Optional(0ms)) << "the new one is kept alive";
    EXPECT_THAT(server.dies(server.shop), Optional(0ms));
}

TEST(Supervision, AFrontThatDoesNotGetDoneAfterAnUpgradeIsHurriedThenKilled) {
    Upgrade server;
    server.commit();
    server.due();

    EXPECT_EQ(server.supervision.next_due(), server.now + 1h);
    server.now += 1h;
    EXPECT_THAT(server.due(), ElementsAre(Step{Order::Hurry, kFront}));
    server.now += Supervision::kHurryTimeout;
    EXPECT_THAT(server.due(), ElementsAre(Step{Order::Kill, kFront}));
}

TEST(Supervision, AFrontThatWaitsForItsStartAtAnUpgradeLeavesNobodyToServe) {
    Upgrade server;
    server.dies(kFront);
    server.start_what_is_due();
    server.dies(kFront);

    server.commit();

    EXPECT_THAT(server.due(), ElementsAre(Step{Order::Drain, kShop}));
}

TEST(Supervision, AnAbandonedUpgradeHurriesItsFrontToo) {
    Upgrade server;

    server.supervision.abandon(server.now);

    EXPECT_THAT(server.due(),
                ElementsAre(Step{Order::Hurry, server.front}, Step{Order::Hurry, server.shop}));
    EXPECT_THAT(server.dies(kFront), Optional(0ms)) << "the old one is kept alive";
}

TEST(Supervision, AStopWaitsForTheFrontThatHandsOver) {
    Upgrade server;
    server.commit();
    server.due();

    server.supervision.stop(StopKind::Graceful, server.now);
    EXPECT_THAT(server.due(),
                ElementsAre(Step{Order::Drain, kFront}, Step{Order::Drain, server.front}));
    server.dies(server.front, kWell);
    EXPECT_EQ(server.supervision.phase(), Phase::DrainingFront);
    server.dies(kFront, kWell);

    EXPECT_EQ(server.supervision.phase(), Phase::DrainingApps);
}

TEST(Supervision, WhoTakesOverGoesOnWithWhatThereWas) {
    Upgrade before;
    before.commit();
    before.due();

    Supervision after = Supervision::resumed(before.supervision.children(),
                                             before.supervision.next_number(), 1, {kDrainTimeout});

    EXPECT_EQ(after.phase(), Phase::Serving);
    EXPECT_EQ(after.next_due(), before.supervision.next_due());
    after.died(kFront, kWell, before.now);
    EXPECT_THAT(after.due(before.now), ElementsAre(Step{Order::Drain, kShop}));
    EXPECT_GT(after.add_front_candidate(), before.shop);
}

}  // namespace bundle
