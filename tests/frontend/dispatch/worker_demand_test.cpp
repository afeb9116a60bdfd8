#include "frontend/dispatch/worker_demand.hpp"

#include <gtest/gtest.h>

namespace bundle {

namespace {

using namespace std::chrono_literals;

// Two to eight workers, and a queue.timeout of 10 s: a tenth of a second is too long, a lull 30 s.
class WorkerDemandTest : public testing::Test {
  protected:
    static AppConfig two_to_eight() {
        AppConfig app;
        app.workers = {2, 8};
        app.queue.timeout = 10s;
        return app;
    }

    // What one look says: "more: ...", "fewer: ..." or nothing.
    std::string look(const WorkerDemand::Facts& facts, std::chrono::milliseconds later = 250ms) {
        now_ += later;
        const auto wish = demand_.look(facts, now_);
        if (!wish) return "";
        return (wish->what == WorkerDemand::Wish::For::More ? "more: " : "fewer: ") + wish->why;
    }

    AppConfig app_ = two_to_eight();
    WorkerDemand demand_{app_};
    WorkerDemand::Moment now_{1h};
};

constexpr const char* kFewer = "fewer: more than one had nothing to do for 30s";

}  // namespace

TEST_F(WorkerDemandTest, AWaitAtOneLookIsNoReasonAndAtTwoItIs) {
    EXPECT_EQ(look({2, 0, 200ms}), "");
    EXPECT_EQ(look({2, 0, 450ms}), "more: requests wait for 0.450s");
    EXPECT_EQ(look({2, 0, 700ms}), "more: requests wait for 0.700s");
}

TEST_F(WorkerDemandTest, WaitsThatAreShortOrNotInARowAreNoReason) {
    EXPECT_EQ(look({2, 0, 100ms}), "");
    EXPECT_EQ(look({2, 0, 100ms}), "");
    EXPECT_EQ(look({2, 0, 200ms}), "");
    EXPECT_EQ(look({2, 0, 50ms}), "");
    EXPECT_EQ(look({2, 0, 200ms}), "");
}

TEST_F(WorkerDemandTest, ThereAreNoMoreThanTheMost) {
    look({8, 0, 200ms});
    EXPECT_EQ(look({8, 0, 450ms}), "");
}

TEST_F(WorkerDemandTest, AfterALullItIsOneFewerAndTheNextLullBegins) {
    EXPECT_EQ(look({4, 3, 0ms}), "");
    EXPECT_EQ(look({4, 3, 0ms}, 29s), "");
    EXPECT_EQ(look({4, 3, 0ms}, 1s), kFewer);
    EXPECT_EQ(look({3, 2, 0ms}, 29s), "");
    EXPECT_EQ(look({3, 2, 0ms}, 1s), kFewer);
    EXPECT_EQ(look({2, 2, 0ms}, 60s), "") << "the least";
}

TEST_F(WorkerDemandTest, AMomentInWhichAllButOneAreBusyEndsALull) {
    look({4, 3, 0ms});
    EXPECT_EQ(look({4, 1, 0ms}, 29s), "");
    EXPECT_EQ(look({4, 3, 0ms}, 1s), "");
    EXPECT_EQ(look({4, 3, 0ms}, 30s), kFewer);
}

TEST_F(WorkerDemandTest, AWaitEndsALull) {
    look({4, 3, 0ms});
    look({4, 3, 200ms}, 29s);
    EXPECT_EQ(look({4, 3, 0ms}, 1s), "");
    EXPECT_EQ(look({4, 3, 0ms}, 30s), kFewer);
}

TEST_F(WorkerDemandTest, MoreThanAWholeWorkersThreadsMustBeIdle) {
    app_.threads = 4;

    look({3, 4, 0ms});
    EXPECT_EQ(look({3, 4, 0ms}, 30s), "");
    look({3, 5, 0ms});
    EXPECT_EQ(look({3, 5, 0ms}, 30s), kFewer);
}

TEST_F(WorkerDemandTest, ANumberStaysOne) {
    app_.workers = 2;

    look({2, 0, 200ms});
    EXPECT_EQ(look({2, 0, 450ms}), "");
    look({2, 2, 0ms});
    EXPECT_EQ(look({2, 2, 0ms}, 1h), "");
}

}  // namespace bundle
