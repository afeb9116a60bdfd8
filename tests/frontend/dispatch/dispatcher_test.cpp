#include "tests/frontend/dispatch/dispatcher_fixture.hpp"

#include "frontend/dispatch/queue_policy.hpp"

namespace bundle {

TEST_F(DispatcherTest, ARequestGoesToAWorkerAndItsAnswerToTheSink) {
    FakeWorker worker = new_worker();
    EXPECT_EQ(workers_, 1U);
    Asked asked("GET");

    dispatcher_->submit(asked.request);
    worker.answer(stream_of(worker), "hello");
    settle();

    EXPECT_EQ(asked.sink.told, "200 hello end");
    EXPECT_EQ(asked.sink.flushes, 1);
}

TEST_F(DispatcherTest, AnAnswerThatArrivesByteByByteIsTheSame) {
    FakeWorker worker = new_worker();
    Asked asked("GET");
    dispatcher_->submit(asked.request);

    for (const char byte : FakeWorker::answer_bytes(stream_of(worker), "hello")) {
        worker.send({&byte, 1});
        settle();
    }

    EXPECT_EQ(asked.sink.told, "200 hello end");
}

TEST_F(DispatcherTest, TheWorkerThatBecameIdleLastGetsTheNextRequest) {
    FakeWorker first = new_worker();
    FakeWorker second = new_worker();
    Asked one("GET");
    Asked two("GET");
    dispatcher_->submit(one.request);
    dispatcher_->submit(two.request);
    second.answer(stream_of(second), "");
    settle();
    first.answer(stream_of(first), "");
    settle();

    Asked three("GET");
    dispatcher_->submit(three.request);

    EXPECT_TRUE(first.receive());
    EXPECT_FALSE(second.receive());
    dispatcher_->withdraw(three.request);
}

TEST_F(DispatcherTest, ARequestWaitsForAWorkerAndNotBehindABusyOne) {
    FakeWorker busy = new_worker();
    Asked one("GET");
    Asked two("GET");
    dispatcher_->submit(one.request);
    dispatcher_->submit(two.request);
    const auto stream = stream_of(busy);
    EXPECT_FALSE(busy.receive());

    busy.answer(stream, "one");
    settle();
    busy.answer(stream_of(busy), "two");
    settle();

    EXPECT_EQ(one.sink.told, "200 one end");
    EXPECT_EQ(two.sink.told, "200 two end");
}

TEST_F(DispatcherTest, WhatTheQueueCannotHoldIsRefused) {
    Asked one("GET");
    Asked two("GET");
    Asked three("GET");
    dispatcher_->submit(one.request);
    dispatcher_->submit(two.request);
    dispatcher_->submit(three.request);

    EXPECT_EQ(three.sink.told, "refused 503");
    dispatcher_->sweep(steady_clock::now() + seconds(11));
    EXPECT_EQ(one.sink.told, "refused 503");
    EXPECT_EQ(two.sink.told, "refused 503");
}

TEST_F(DispatcherTest, ARouteAtItsLimitWaitsWhileOthersPassIt) {
    FakeWorker first = new_worker();
    FakeWorker second = new_worker();
    const QueuePolicy report{"/report", Priority::Normal, 1};
    Asked one("GET");
    Asked two("GET");
    Asked other("GET");
    one.request.queueing = two.request.queueing = &report;

    dispatcher_->submit(one.request);
    dispatcher_->submit(two.request);
    const auto of_one = stream_of(second);
    EXPECT_FALSE(first.receive());
    dispatcher_->submit(other.request);
    first.answer(stream_of(first), "other");
    settle();
    EXPECT_EQ(other.sink.told, "200 other end");
    EXPECT_FALSE(first.receive());

    // Its client left, but it is still at work.
    dispatcher_->withdraw(one.request);
    settle();
    EXPECT_FALSE(first.receive());
    second.answer(of_one, "nobody listens");
    settle();
    EXPECT_TRUE(second.receive());
    dispatcher_->withdraw(two.request);
}

TEST_F(DispatcherTest, ARequestThatItsDeadWorkerHadNotReadGoesToAnotherWhateverItsMethod) {
    FakeWorker dying = new_worker();
    Asked asked("POST");
    dispatcher_->submit(asked.request);
    dying.die();
    settle();
    EXPECT_EQ(asked.sink.told, "");
    EXPECT_EQ(workers_, 0U);

    FakeWorker other = new_worker();
    other.answer(stream_of(other), "hello");
    settle();

    EXPECT_EQ(asked.sink.told, "200 hello end");
}

TEST_F(DispatcherTest, ASafeRequestOfADeadWorkerIsTriedOnceMoreAndNotTwice) {
    FakeWorker first = new_worker();
    FakeWorker second = new_worker();
    Asked asked("GET");
    dispatcher_->submit(asked.request);
    stream_of(second);
    second.die();
    settle();
    EXPECT_EQ(asked.sink.told, "");

    stream_of(first);
    first.die();
    settle();

    EXPECT_EQ(asked.sink.told, "refused 502");
}

TEST_F(DispatcherTest, APostThatADeadWorkerHadReadIsNotRunTwice) {
    FakeWorker worker = new_worker();
    Asked asked("POST");
    dispatcher_->submit(asked.request);
    stream_of(worker);
    worker.die();
    settle();

    EXPECT_EQ(asked.sink.told, "refused 502");
}

TEST_F(DispatcherTest, AnAnswerThatHadBegunIsBrokenOff) {
    FakeWorker worker = new_worker();
    Asked asked("GET");
    dispatcher_->submit(asked.request);
    worker.send(FakeWorker::answer_bytes(stream_of(worker), "hello").substr(0, 40));
    settle();
    worker.die();
    settle();

    EXPECT_TRUE(asked.sink.told.starts_with("200 "));
    EXPECT_TRUE(asked.sink.told.ends_with(" broken"));
}

TEST_F(DispatcherTest, AWorkerThatReadsNothingMoreStillAnswersWhatItHas) {
    FakeWorker leaving = new_worker();
    Asked asked("POST");
    dispatcher_->submit(asked.request);
    const auto stream = stream_of(leaving);
    leaving.read_nothing_more();
    FakeWorker other = new_worker();

    Dispatcher::client_ended(asked.request);
    settle();
    leaving.answer(stream, "done once");
    settle();

    EXPECT_EQ(asked.sink.told, "200 done once end");
    EXPECT_FALSE(other.receive());
}

TEST_F(DispatcherTest, AnAnswerWhoseClientLeftGoesNowhereAndTheWorkerGoesOn) {
    FakeWorker worker = new_worker();
    Asked left("GET");
    dispatcher_->submit(left.request);
    const auto stream = stream_of(worker);
    dispatcher_->withdraw(left.request);
    EXPECT_EQ(worker.client(stream), wire::ClientState::Left);

    Asked next("GET");
    dispatcher_->submit(next.request);
    worker.answer(stream, "for nobody");
    settle();
    worker.answer(stream_of(worker), "hello");
    settle();

    EXPECT_EQ(left.sink.told, "");
    EXPECT_EQ(next.sink.told, "200 hello end");
}

TEST_F(DispatcherTest, AWorkerThatBreaksTheRulesLosesItsConnection) {
    std::string two_heads;
    wire::encode(two_heads, 1, wire::AnswerHead{.status = 200, .reason = "", .fields = {}});
    wire::encode(two_heads, 1, wire::AnswerHead{.status = 200, .reason = "", .fields = {}});
    std::string no_head;
    wire::encode(no_head, 1, wire::File{});
    const std::string noise(64, '\xff');
    for (const std::string& bytes : {two_heads, no_head, noise}) {
        FakeWorker worker = new_worker();
        Asked asked("POST");
        dispatcher_->submit(asked.request);
        ASSERT_EQ(stream_of(worker), 1U);
        worker.send(bytes, bytes == no_head ? 0 : -1);
        settle();
        EXPECT_EQ(workers_, 0U);
        EXPECT_NE(asked.sink.told, "");
    }
}

TEST_F(DispatcherTest, AWorkerOfAnotherApplicationIsSentAway) {
    const FakeWorker stranger(address_, size_, "other");
    settle();
    Asked asked("GET");
    dispatcher_->submit(asked.request);

    EXPECT_EQ(workers_, 0U);
    EXPECT_TRUE(asked.request.in_queue);
    dispatcher_->withdraw(asked.request);
}

TEST_F(DispatcherTest, AFullSinkMakesTheWorkerWait) {
    FakeWorker worker = new_worker();
    Asked asked("GET");
    dispatcher_->submit(asked.request);
    const std::string answer = FakeWorker::answer_bytes(stream_of(worker), "hello");
    asked.sink.full = true;
    worker.send(std::string_view(answer).substr(0, answer.size() - 13));
    settle();
    EXPECT_EQ(asked.sink.told, "200 hello");

    worker.send(std::string_view(answer).substr(answer.size() - 13));
    settle();
    EXPECT_EQ(asked.sink.told, "200 hello");

    asked.sink.full = false;
    Dispatcher::resume(asked.request);
    settle();
    EXPECT_EQ(asked.sink.told, "200 hello end");
}

TEST_F(DispatcherTest, AnAnswerThatEndsWhileItsSinkIsFullDoesNotStopTheWorker) {
    FakeWorker worker = new_worker();
    Asked first("GET");
    first.sink.full = true;
    dispatcher_->submit(first.request);
    worker.send(FakeWorker::answer_bytes(stream_of(worker), "hello"));
    settle();
    EXPECT_EQ(first.sink.told, "200 hello end");

    Asked second("GET");
    dispatcher_->submit(second.request);
    worker.send(FakeWorker::answer_bytes(stream_of(worker), "next"));
    settle();

    EXPECT_EQ(second.sink.told, "200 next end");
}

TEST_F(DispatcherTest, WorkersOfTheNextGenerationWaitForItsCommit) {
    FakeWorker old = new_worker();
    dispatcher_->prepare(pools_of(config_of("shop"), 2));
    FakeWorker next = new_worker(2);
    EXPECT_EQ(workers_, 1U);
    EXPECT_EQ(next_workers_, 1U);

    Asked before("GET");
    dispatcher_->submit(before.request);
    EXPECT_FALSE(next.receive());
    const auto stream = stream_of(old);
    dispatcher_->commit();
    Asked after("GET");
    after.request.generation = 2;
    dispatcher_->submit(after.request);
    next.answer(stream_of(next), "new");
    old.answer(stream, "old");
    settle();

    EXPECT_EQ(before.sink.told, "200 old end");
    EXPECT_EQ(after.sink.told, "200 new end");
    EXPECT_TRUE(is_told_to_leave(old));
    EXPECT_FALSE(next.receive());
}

TEST_F(DispatcherTest, WhatWaitsOrComesBackAtACommitGoesToTheNewWorkers) {
    FakeWorker old = new_worker();
    Asked running("GET");
    Asked waiting("POST");
    dispatcher_->submit(running.request);
    dispatcher_->submit(waiting.request);
    stream_of(old);
    dispatcher_->prepare(pools_of(config_of("shop"), 2));
    FakeWorker next = new_worker(2);

    dispatcher_->commit();
    const auto first = stream_of(next);
    old.die();
    settle();
    next.answer(first, "one");
    settle();
    next.answer(stream_of(next), "two");
    settle();

    EXPECT_EQ(waiting.sink.told, "200 one end");
    EXPECT_EQ(running.sink.told, "200 two end");
}

TEST_F(DispatcherTest, ARequestThatBeganBeforeTheCommitGoesToANewWorkerToo) {
    dispatcher_->prepare(pools_of(config_of("shop"), 2));
    FakeWorker next = new_worker(2);
    dispatcher_->commit();

    Asked late("GET");
    dispatcher_->submit(late.request);

    next.answer(stream_of(next), "hello");
    settle();
    EXPECT_EQ(late.sink.told, "200 hello end");
}

TEST_F(DispatcherTest, AnApplicationThatIsNoMoreServesThoseWhoBeganBefore) {
    const auto held = std::make_shared<const Config>(config_of("blog"));
    dispatcher_->prepare({2, held});
    dispatcher_->commit();
    dispatcher_->prepare(pools_of(config_of("shop"), 3));
    FakeWorker blog(address_, size_, "blog", 2);
    settle();
    dispatcher_->commit();
    dispatcher_->sweep(steady_clock::now());

    Asked late("GET");
    late.request.generation = 2;
    dispatcher_->submit(late.request);
    blog.answer(stream_of(blog), "still here");
    settle();

    EXPECT_EQ(late.sink.told, "200 still here end");
    EXPECT_FALSE(blog.receive()) << "somebody still has that configuration";
}

TEST_F(DispatcherTest, WorkersOfAnApplicationThatIsNoMoreLeaveWhenNobodyCanWantThem) {
    FakeWorker shop = new_worker();
    dispatcher_->prepare(pools_of(config_of("blog"), 2));
    dispatcher_->commit();
    EXPECT_FALSE(shop.receive());

    dispatcher_->sweep(steady_clock::now());

    EXPECT_TRUE(is_told_to_leave(shop));
}

TEST_F(DispatcherTest, AfterAnAbandonedReloadItsWorkersAreSentAway) {
    FakeWorker old = new_worker();
    dispatcher_->prepare(pools_of(config_of("shop"), 2));
    FakeWorker next = new_worker(2);

    dispatcher_->abandon();

    EXPECT_TRUE(next.is_closed());
    Asked asked("GET");
    dispatcher_->submit(asked.request);
    EXPECT_TRUE(old.receive());
    dispatcher_->withdraw(asked.request);
}

TEST_F(DispatcherTest, AWorkerOfAnEarlierGenerationIsToldToLeave) {
    dispatcher_->prepare(pools_of(config_of("shop"), 2));
    dispatcher_->commit();
    dispatcher_->sweep(steady_clock::now());

    FakeWorker late = new_worker(1);

    EXPECT_TRUE(is_told_to_leave(late));
    EXPECT_EQ(workers_, 0U);
}

}  // namespace bundle
