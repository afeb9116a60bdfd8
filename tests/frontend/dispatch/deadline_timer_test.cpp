#include "frontend/dispatch/deadline_timer.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/frontend/dispatch/dispatcher_fixture.hpp"
#include "tests/support/deadline.hpp"

namespace bundle {

namespace {

using std::chrono::milliseconds;

class DeadlineTest : public DispatcherTest {
  protected:
    // A request that a worker may work on for half a minute, and that a worker has.
    void submit(Asked& asked) const {
        asked.request.timeout = seconds(30);
        dispatcher_->submit(asked.request);
    }
    void pass(seconds time) const { dispatcher_->end_overdue(steady_clock::now() + time); }
};

void extend(const FakeWorker& worker, std::uint32_t stream, seconds more) {
    std::string out;
    wire::encode(out, stream, wire::ExtendDeadline{steady_clock::now() + more});
    worker.send(out);
}

}  // namespace

TEST(DeadlineTimer, ComesWhenTheEarliestDeadlineHasPassedAndThenForTheNext) {
    EventLoop loop;
    const auto begin = steady_clock::now();
    std::vector<DeadlineTimer::Moment> looks;
    DeadlineTimer timer(loop.get(), [&](DeadlineTimer::Moment now) {
        looks.push_back(now);
        return looks.size() == 1 ? begin + milliseconds(20) : DeadlineTimer::kNone;
    });

    timer.cover(begin + seconds(60));
    timer.cover(begin + milliseconds(10));
    timer.cover(begin + seconds(50));
    while (looks.size() < 2) uv_run(loop.get(), UV_RUN_ONCE);

    EXPECT_GE(looks[0] - begin, milliseconds(10));
    EXPECT_GE(looks[1] - begin, milliseconds(20));
    EXPECT_EQ(uv_run(loop.get(), UV_RUN_NOWAIT), 0) << "it is still armed";
}

TEST_F(DeadlineTest, TheWorkerIsToldOfTheDeadlineAndAtItTheClientIsAnswered504) {
    FakeWorker worker = new_worker();
    Asked asked("GET");
    asked.request.timeout = milliseconds(20);
    dispatcher_->submit(asked.request);
    const auto frame = worker.receive();
    ASSERT_TRUE(frame);
    wire::Request told;
    ASSERT_TRUE(wire::decode_request(*frame, told));
    EXPECT_EQ(told.deadline, asked.request.handed_over + milliseconds(20));

    await_condition("an answer", [&] {
        uv_run(loop_.get(), UV_RUN_NOWAIT);
        return !asked.sink.told.empty();
    });

    EXPECT_GE(steady_clock::now(), told.deadline);
    EXPECT_EQ(asked.sink.told, "refused 504");
    EXPECT_EQ(asked.sink.flushes, 1);
    EXPECT_EQ(worker.client(told.stream), wire::ClientState::Left);
}

TEST_F(DeadlineTest, AWorkerWithAnOverdueRequestGetsNoOtherInAnyOfItsThreads) {
    FakeWorker hanging = new_worker();
    FakeWorker same_process = new_worker();
    Asked asked("GET");
    submit(asked);
    const std::uint32_t stream = stream_of(same_process);
    pass(seconds(31));

    Asked next("GET");
    dispatcher_->submit(next.request);
    EXPECT_TRUE(next.request.in_queue);
    FakeWorker other = new_worker(1, 1);
    EXPECT_TRUE(other.receive());

    Asked last("GET");
    dispatcher_->submit(last.request);
    EXPECT_TRUE(last.request.in_queue);
    same_process.answer(stream, "late");
    settle();
    EXPECT_TRUE(same_process.receive() || hanging.receive()) << "it ended its request after all";
    EXPECT_EQ(asked.sink.told, "refused 504");
    dispatcher_->withdraw(next.request);
    dispatcher_->withdraw(last.request);
}

TEST_F(DeadlineTest, AWorkerWhoseCloseIsOverdueGetsNoOtherInAnyOfItsThreads) {
    FakeWorker same_process = new_worker();
    FakeWorker closing = new_worker();
    Asked asked("GET");
    submit(asked);
    const std::uint32_t stream = stream_of(closing);
    closing.answer_and_close(stream, "");
    settle();
    pass(seconds(31));

    Asked next("GET");
    dispatcher_->submit(next.request);
    EXPECT_TRUE(next.request.in_queue);
    closing.say_free(stream);
    settle();
    EXPECT_TRUE(closing.receive() || same_process.receive());
    EXPECT_EQ(asked.sink.told, "200  end");
    dispatcher_->withdraw(next.request);
}

TEST_F(DeadlineTest, AGetThatIsOverdueIsNotTriedAgainWhenItsWorkerIsKilled) {
    FakeWorker worker = new_worker();
    Asked asked("GET");
    asked.request.timeout = milliseconds(1);
    dispatcher_->submit(asked.request);
    stream_of(worker);
    await_condition("its deadline", [&] { return steady_clock::now() > asked.request.deadline; });

    worker.die();
    settle();

    EXPECT_EQ(asked.sink.told, "refused 504");
}

TEST_F(DeadlineTest, AWorkerMayGiveItsRequestMoreTimeAndNeverLess) {
    FakeWorker worker = new_worker();
    Asked asked("GET");
    submit(asked);
    const std::uint32_t stream = stream_of(worker);

    extend(worker, stream, seconds(60));
    extend(worker, stream, seconds(5));
    settle();
    pass(seconds(31));
    EXPECT_EQ(asked.sink.told, "");

    pass(seconds(61));
    EXPECT_EQ(asked.sink.told, "refused 504");
}

TEST_F(DeadlineTest, ARequestWithoutATimeoutHasNoDeadlineWhateverItsWorkerSays) {
    FakeWorker worker = new_worker();
    Asked asked("GET");
    dispatcher_->submit(asked.request);
    extend(worker, stream_of(worker), seconds(1));
    settle();

    pass(seconds(100'000));

    EXPECT_EQ(asked.sink.told, "");
    dispatcher_->withdraw(asked.request);
}

}  // namespace bundle
