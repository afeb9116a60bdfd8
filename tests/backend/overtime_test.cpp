#include "backend/overtime.hpp"

#include <gtest/gtest.h>

#include <array>

namespace bundle {
namespace {

using namespace std::chrono_literals;
using Step = Overtime::Step;
using Moment = Overtime::Moment;

constexpr Patience kPatience = {
    .boot = 60s, .slow_after = 3s, .shortest = 3s, .has_abort_hook = false};

// A worker of two threads that was born at 100 s, and a clock that stands where the test says.
class OvertimeTest : public testing::Test {
  protected:
    OvertimeTest() { boot(); }

    void boot() { rows_[0].thread = 1; }
    void begin(std::size_t row, Moment at, std::chrono::seconds timeout = 30s) {
        rows_[row].busy_since = at.time_since_epoch().count();
        rows_[row].deadline = (at + timeout).time_since_epoch().count();
        rows_[row].state = wire::WorkerState::Busy;
    }
    void end(std::size_t row) { rows_[row].state = wire::WorkerState::Idle; }

    Step next(Moment now, bool dumped = false) { return overtime_.next(rows_, dumped, now); }
    [[nodiscard]] Moment look_at(Moment now) const { return overtime_.look_at(rows_, now); }
    // To the moment before its end is decided.
    void report(Moment now) {
        EXPECT_EQ(next(now), Step::Dump);
        EXPECT_EQ(next(now, true), Step::Report);
    }

    static constexpr Moment kBorn{100s};
    std::array<wire::WorkerRow, 2> rows_{};
    Patience patience_ = kPatience;
    Overtime overtime_{patience_, kBorn, 2};
};

TEST_F(OvertimeTest, ARequestPastItsDeadlineIsDumpedToldOfAndKilled) {
    begin(1, kBorn, 2s);

    EXPECT_EQ(next(kBorn + 1999ms), Step::Nothing);
    EXPECT_EQ(next(kBorn + 2s), Step::Dump);
    EXPECT_EQ(overtime_.current().what, TookTooLong::Request);
    EXPECT_EQ(overtime_.current().row, 1U);
    EXPECT_EQ(next(kBorn + 2s), Step::Nothing);
    EXPECT_EQ(next(kBorn + 2s, true), Step::Report);
    EXPECT_EQ(next(kBorn + 2s, true), Step::Kill);
    EXPECT_EQ(next(kBorn + 2s, true), Step::Nothing);
    EXPECT_EQ(look_at(kBorn + 2s), Moment::max());
}

TEST_F(OvertimeTest, ADumpThatDoesNotComeHoldsNothingUpForMoreThanASecond) {
    begin(0, kBorn, 2s);
    EXPECT_EQ(next(kBorn + 2s), Step::Dump);

    EXPECT_EQ(look_at(kBorn + 2s), kBorn + 3s);
    EXPECT_EQ(next(kBorn + 3s), Step::Report);
    EXPECT_EQ(next(kBorn + 3s), Step::Kill);
}

TEST_F(OvertimeTest, TheAbortHookHasASecond) {
    overtime_ = Overtime({.boot = 60s, .shortest = 30s, .has_abort_hook = true}, kBorn, 2);
    begin(0, kBorn, 2s);
    report(kBorn + 2s);

    EXPECT_EQ(next(kBorn + 2s, true), Step::Abort);
    EXPECT_EQ(next(kBorn + 2999ms, true), Step::Nothing);
    EXPECT_EQ(look_at(kBorn + 2999ms), kBorn + 3s);
    EXPECT_EQ(next(kBorn + 3s, true), Step::Kill);
}

TEST_F(OvertimeTest, ARequestThatEndsAtTheLastMomentSavesItsWorker) {
    begin(0, kBorn, 2s);
    report(kBorn + 2s);
    end(0);
    EXPECT_EQ(next(kBorn + 2s, true), Step::Nothing);

    begin(0, kBorn + 3s, 2s);
    report(kBorn + 5s);
    begin(0, kBorn + 5s, 2s);  // the next one, in the same place
    EXPECT_EQ(next(kBorn + 5s, true), Step::Nothing);
    EXPECT_EQ(look_at(kBorn + 5s), kBorn + 7s);
}

TEST_F(OvertimeTest, ADeadlineThatWasExtendedCounts) {
    begin(0, kBorn, 2s);
    report(kBorn + 2s);
    rows_[0].deadline = (kBorn + 9s).time_since_epoch().count();

    EXPECT_EQ(next(kBorn + 2s, true), Step::Nothing);
    report(kBorn + 3s);  // it is slow all the same
    EXPECT_EQ(overtime_.current().what, TookTooLong::Slow);
    report(kBorn + 9s);
    EXPECT_EQ(next(kBorn + 9s, true), Step::Kill);
}

TEST_F(OvertimeTest, ASlowRequestIsToldOfOnce) {
    begin(0, kBorn);
    report(kBorn + 3s);
    EXPECT_EQ(overtime_.current().what, TookTooLong::Slow);
    EXPECT_EQ(next(kBorn + 4s, true), Step::Nothing);

    begin(1, kBorn + 2s);
    report(kBorn + 5s);
    EXPECT_EQ(overtime_.current().row, 1U);
    end(0);
    begin(0, kBorn + 6s);
    report(kBorn + 9s);
    EXPECT_EQ(overtime_.current().row, 0U);
    EXPECT_EQ(next(kBorn + 29s, true), Step::Nothing);
}

TEST_F(OvertimeTest, SlowAfterCanBeOff) {
    overtime_ = Overtime({.boot = 60s, .shortest = 30s}, kBorn, 2);
    begin(0, kBorn);

    EXPECT_EQ(next(kBorn + 29s), Step::Nothing);
    EXPECT_EQ(look_at(kBorn + 29s), kBorn + 30s);
}

TEST_F(OvertimeTest, AWorkerThatDoesNotGetReadyIsKilledWithoutAHook) {
    overtime_ = Overtime({.boot = 60s, .shortest = 30s, .has_abort_hook = true}, kBorn, 2);
    rows_[0].thread = 0;

    EXPECT_EQ(look_at(kBorn + 50s), kBorn + 60s);
    report(kBorn + 60s);
    EXPECT_EQ(overtime_.current().what, TookTooLong::Boot);
    EXPECT_EQ(next(kBorn + 60s, true), Step::Kill);
}

TEST_F(OvertimeTest, AnIdleWorkerIsLookedAtBeforeAnythingThatBeginsNowCanBeDue) {
    EXPECT_EQ(look_at(kBorn + 50s), kBorn + 53s);

    begin(0, kBorn + 51s, 1s);
    EXPECT_EQ(look_at(kBorn + 51s), kBorn + 52s);
}

TEST(Patience, TheShortestTimeoutOfAllRoutesCounts) {
    Config config;
    AppConfig app;
    app.boot_timeout = 60s;
    app.request_timeout = 30s;
    EXPECT_EQ(patience_with(config, app).shortest, 30s);

    app.slow_after = 3s;
    config.sites.resize(2);
    config.sites[1].routes.resize(2);
    config.sites[1].routes[1].request_timeout = 500ms;
    EXPECT_EQ(patience_with(config, app).shortest, 500ms);
}

}  // namespace
}  // namespace bundle
