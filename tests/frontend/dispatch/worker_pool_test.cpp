#include <optional>

#include "frontend/dispatch/queue_policy.hpp"
#include "tests/frontend/dispatch/dispatcher_fixture.hpp"

namespace bundle {

namespace {

// A worker that has one request to serve, and the next one ahead of its time.
class AheadTest : public DispatcherTest {
  protected:
    AheadTest() {
        while (!goes_ahead()) {
            // A busy machine has made the worker look slow: once more.
            dispatcher_->withdraw(ahead.request);
            quick.answer(stream_of(quick), "");
            settle();
            current.again();
        }
    }
    bool goes_ahead() {
        Asked served_before("GET");
        for (Asked* asked : {&served_before, &current, &ahead}) dispatcher_->submit(asked->request);
        quick.answer(stream_of(quick), "");
        settle();
        return !ahead.request.in_queue;
    }
    ~AheadTest() override {
        for (Asked* asked : {&current, &ahead}) dispatcher_->withdraw(asked->request);
    }

    FakeWorker quick = new_worker();
    Asked current{"GET"};
    Asked ahead{"POST"};
};

// A worker that closes what it answered with, and has two requests ahead of their time.
class ClosingTest : public DispatcherTest {
  protected:
    ClosingTest() {
        while (!has_two_ahead()) {
            // A busy machine has made the worker look slow: once more, with another one.
            withdraw_all();
            worker.reset();
            settle();
        }
    }
    bool has_two_ahead() {
        worker.emplace(new_worker());
        Asked before("GET");
        for (Asked* asked : {&before, &current, &ahead}) dispatcher_->submit(asked->request);
        worker->answer(stream_of(*worker), "");
        settle();
        dispatcher_->submit(third.request);
        worker->answer_and_close(stream_of(*worker), "");
        settle();
        return !ahead.request.in_queue && !third.request.in_queue;
    }
    void withdraw_all() {
        for (Asked* asked : {&current, &ahead, &third}) {
            dispatcher_->withdraw(asked->request);
            asked->again();
        }
    }
    ~ClosingTest() override { withdraw_all(); }

    std::optional<FakeWorker> worker;
    Asked current{"GET"};
    Asked ahead{"POST"};
    Asked third{"POST"};
};

}  // namespace

TEST_F(AheadTest, AQuickWorkerFindsItsNextRequestWithoutWaiting) {
    const auto stream = stream_of(quick);
    const auto next = stream_of(quick);

    quick.answer(stream, "one");
    quick.answer(next, "two");
    settle();

    EXPECT_EQ(current.sink.told, "200 one end");
    EXPECT_EQ(ahead.sink.told, "200 two end");
}

TEST_F(AheadTest, OneBehindARequestThatTakesTooLongGoesToAnotherWorkerAndIsNotLate) {
    stream_of(quick);
    const auto now = steady_clock::now();
    current.request.deadline = ahead.request.deadline = now;

    dispatcher_->end_overdue(now);
    EXPECT_EQ(current.sink.told, "refused 504");
    EXPECT_EQ(ahead.sink.told, "");

    FakeWorker other = new_worker(1, 1);
    EXPECT_TRUE(other.receive());
    EXPECT_EQ(ahead.request.deadline, steady_clock::time_point()) << "it has no timeout";
}

TEST_F(AheadTest, OneThatIsNotBegunGoesToTheFirstWorkerThatIsIdle) {
    stream_of(quick);
    EXPECT_TRUE(Dispatcher::waits(ahead.request));

    FakeWorker other = new_worker();
    other.answer(stream_of(other), "from the other");
    settle();

    EXPECT_EQ(ahead.sink.told, "200 from the other end");
    EXPECT_FALSE(quick.receive());
}

TEST_F(AheadTest, OneThatIsBegunStays) {
    stream_of(quick);
    const auto begun = stream_of(quick);
    EXPECT_FALSE(Dispatcher::waits(ahead.request));

    FakeWorker other = new_worker();
    settle();
    quick.answer(begun, "from the first");
    settle();

    EXPECT_EQ(ahead.sink.told, "200 from the first end");
    EXPECT_FALSE(other.receive());
}

TEST_F(AheadTest, OneWhoseClientLeavesIsNeverBegun) {
    const auto stream = stream_of(quick);

    dispatcher_->withdraw(ahead.request);
    quick.answer(stream, "one");
    settle();

    EXPECT_FALSE(quick.receive());
    EXPECT_EQ(current.sink.told, "200 one end");
}

TEST_F(AheadTest, OneThatADeadWorkerHadNotBegunGoesToAnotherWhateverItsMethod) {
    stream_of(quick);
    quick.die();
    settle();

    FakeWorker other = new_worker();
    const auto first = stream_of(other);
    other.answer(first, "");
    settle();
    other.answer(stream_of(other), "");
    settle();

    EXPECT_EQ(current.sink.told, "200  end");
    EXPECT_EQ(ahead.sink.told, "200  end");
}

TEST_F(AheadTest, OneThatIsStuckBehindALongRequestWaitsInTheQueueAgain) {
    stream_of(quick);
    while (!ahead.request.in_queue) {
        settle();
        dispatcher_->sweep(steady_clock::now());
    }
    dispatcher_->sweep(steady_clock::now() + seconds(11));

    EXPECT_EQ(ahead.sink.told, "refused 503");
}

TEST_F(ClosingTest, AWorkerThatClosesItsAnswerFindsItsNextRequestsWithoutWaiting) {
    worker->answer_and_close(stream_of(*worker), "one");
    worker->answer_and_close(stream_of(*worker), "two");
    settle();

    EXPECT_EQ(ahead.sink.told, "200 one end");
    EXPECT_EQ(third.sink.told, "200 two end");
}

TEST_F(ClosingTest, WhatWaitsForACloseThatTakesLongGoesToAnotherWorkerOldestFirst) {
    FakeWorker other = new_worker();
    for (const char* body : {"one", "two"}) {
        other.answer(stream_of(other), body);
        settle();
    }

    EXPECT_EQ(ahead.sink.told, "200 one end");
    EXPECT_EQ(third.sink.told, "200 two end");
    EXPECT_FALSE(worker->receive());
}

TEST_F(ClosingTest, OneWhoseClientLeavesIsNeverBegunAndTheOtherIs) {
    dispatcher_->withdraw(ahead.request);
    worker->answer(stream_of(*worker), "only");
    settle();

    EXPECT_EQ(third.sink.told, "200 only end");
    EXPECT_FALSE(worker->receive());
}

TEST_F(DispatcherTest, AWorkerThatClosesItsAnswerIsNotFreeBeforeItSaysSo) {
    FakeWorker worker = new_worker();
    Asked first("GET");
    Asked second("GET");
    dispatcher_->submit(first.request);
    const auto stream = stream_of(worker);
    worker.answer_and_close(stream, "one");
    settle();
    EXPECT_EQ(first.sink.told, "200 one end");

    dispatcher_->submit(second.request);
    EXPECT_TRUE(second.request.in_queue);
    worker.say_free(stream);
    settle();

    worker.answer(stream_of(worker), "two");
    settle();
    EXPECT_EQ(second.sink.told, "200 two end");
}

TEST_F(DispatcherTest, ARouteAtItsLimitWaitsForTheClose) {
    FakeWorker first = new_worker();
    FakeWorker second = new_worker();
    const QueuePolicy report{"/report", Priority::Normal, 1};
    Asked one("GET");
    Asked two("GET");
    one.request.queueing = two.request.queueing = &report;
    dispatcher_->submit(one.request);
    dispatcher_->submit(two.request);

    const auto stream = stream_of(second);
    second.answer_and_close(stream, "one");
    settle();
    EXPECT_EQ(one.sink.told, "200 one end");
    EXPECT_TRUE(two.request.in_queue);
    second.say_free(stream);
    settle();
    EXPECT_TRUE(second.receive());
    dispatcher_->withdraw(two.request);
}

TEST_F(AheadTest, AWorkerThatClosesOneBehindAnotherLosesItsConnection) {
    stream_of(quick);
    quick.answer_and_close(stream_of(quick), "too early");
    settle();

    EXPECT_TRUE(quick.is_closed());
}

TEST_F(DispatcherTest, AWorkerThatEndsTwiceOrIsFreeOutOfTurnLosesItsConnection) {
    std::string twice;
    wire::encode(twice, 1, wire::AnswerHead{.status = 200, .reason = "", .fields = {}});
    wire::encode(twice, 1, wire::End{.afterwards = wire::Afterwards::Closing});
    std::string free;
    wire::encode_free(free, 1);
    wire::encode(twice, 1, wire::End{});
    for (const std::string& bytes : {twice, free}) {
        FakeWorker worker = new_worker();
        Asked asked("POST");
        dispatcher_->submit(asked.request);
        ASSERT_EQ(stream_of(worker), 1U);
        worker.send(bytes);
        settle();
        EXPECT_TRUE(worker.is_closed());
    }
}

TEST_F(DispatcherTest, WithdrawingWhatWasNeverSubmittedNeedsNoApplication) {
    Dispatcher without_apps(loop_.get(), OwnedFd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)),
                            pools_of(Config{}, 1),
                            [](std::uint32_t, const AppConfig&, std::uint32_t) {});
    Asked asked("GET");

    without_apps.withdraw(asked.request);

    EXPECT_EQ(asked.sink.told, "");
}

}  // namespace bundle
