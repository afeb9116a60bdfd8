#include "shared/status/worker_facts.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <limits>

namespace bundle {

namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;
using wire::WorkerState;

constexpr std::chrono::steady_clock::time_point kNow{seconds{1'000}};

std::int64_t at(std::chrono::steady_clock::duration time) { return nanoseconds(time).count(); }

class WorkerFactsTest : public testing::Test {
  protected:
    WorkerFactsTest() : board_(*wire::Scoreboard::create(4)), rows_(board_.rows()) {}

    void serve(std::size_t row, std::uint32_t pid) const {
        rows_[row].pid = pid;
        rows_[row].born = at(seconds{900});
        rows_[row].busy_since = at(seconds{998});
        rows_[row].requests = 7;
        wire::write_text(rows_[row].request_line, "GET /cart");
        wire::write_text(rows_[row].request_id, "01JD");
        rows_[row].state = WorkerState::Busy;
    }
    [[nodiscard]] std::vector<WorkerFacts> facts(std::uint32_t threads = 1) const {
        return worker_facts(rows_, threads, kNow);
    }

    wire::Scoreboard board_;
    std::span<wire::WorkerRow> rows_;
};

}  // namespace

TEST_F(WorkerFactsTest, ARowTellsOfItsWorker) {
    serve(1, static_cast<std::uint32_t>(getpid()));

    const auto workers = facts();

    ASSERT_EQ(workers.size(), 1U);
    EXPECT_EQ(workers[0].slot, 1U);
    EXPECT_TRUE(workers[0].is_busy());
    EXPECT_EQ(workers[0].request, "GET /cart");
    EXPECT_EQ(workers[0].request_id, "01JD");
    EXPECT_EQ(workers[0].age, seconds{100});
    EXPECT_EQ(workers[0].busy_for, seconds{2});
    EXPECT_EQ(workers[0].requests, 7U);
    EXPECT_TRUE(workers[0].memory && workers[0].cpu);
}

TEST_F(WorkerFactsTest, WhatItServedLastIsNotWhatItDoes) {
    serve(0, 10);
    rows_[0].state = WorkerState::Idle;

    EXPECT_EQ(facts()[0].request, "");
    EXPECT_FALSE(facts()[0].is_busy());
}

TEST_F(WorkerFactsTest, ThreadsAreOfOneWorkerAndItsMemoryStandsWithTheFirst) {
    serve(2, static_cast<std::uint32_t>(getpid()));
    serve(3, static_cast<std::uint32_t>(getpid()));

    const auto workers = facts(2);

    ASSERT_EQ(workers.size(), 2U);
    EXPECT_EQ(workers[0].slot, 1U);
    EXPECT_EQ(workers[1].slot, 1U);
    EXPECT_TRUE(workers[0].memory);
    EXPECT_FALSE(workers[1].memory);
}

TEST_F(WorkerFactsTest, WhoBootsOrLeavesIsNotReady) {
    for (std::size_t row = 0; row < 3; ++row) serve(row, 10);
    rows_[0].state = WorkerState::Booting;
    rows_[1].state = WorkerState::Leaving;

    const AppWorkers app{"main", 3, 3, 1, facts()};

    EXPECT_EQ(app.ready(), 1U);
    EXPECT_EQ(app.count_busy(), 1U);
    EXPECT_TRUE(app.workers[0].is_booting());
    EXPECT_TRUE(app.workers[1].leaving);
}

TEST_F(WorkerFactsTest, WhateverAWorkerWritesIsOnlyShown) {
    serve(0, std::numeric_limits<std::uint32_t>::max());
    rows_[0].state = static_cast<WorkerState>(77);
    serve(1, 10);
    rows_[1].born = std::numeric_limits<std::int64_t>::min();
    rows_[1].busy_since = std::numeric_limits<std::int64_t>::max();
    rows_[1].request_line.fill('x');

    const auto workers = facts();

    EXPECT_FALSE(workers[0].is_busy());
    EXPECT_FALSE(workers[0].memory);
    EXPECT_GT(workers[1].age.count(), 9e9);
    EXPECT_EQ(workers[1].busy_for.count(), 0);
    EXPECT_EQ(workers[1].request.size(), rows_[1].request_line.size());
}

}  // namespace bundle
