#include "tests/frontend/dispatch/dispatcher_fixture.hpp"

namespace bundle {

TEST_F(DispatcherTest, WhatIsHeldWaitsForTheNewWorkersHoweverLong) {
    FakeWorker old = new_worker();
    dispatcher_->hold();
    Asked asked("GET");
    dispatcher_->submit(asked.request);
    dispatcher_->sweep(steady_clock::now() + seconds(60));
    EXPECT_FALSE(old.receive());
    dispatcher_->prepare(pools_of(config_of("shop"), 2));
    FakeWorker next = new_worker(2);

    dispatcher_->commit();
    settle();
    EXPECT_FALSE(next.receive()) << "another change may have come meanwhile";
    dispatcher_->let_go();
    next.answer(stream_of(next), "new");
    settle();

    EXPECT_EQ(asked.sink.told, "200 new end");
}

TEST_F(DispatcherTest, WhenTheReloadFailsTheOldWorkersGoOn) {
    FakeWorker old = new_worker();
    dispatcher_->hold();
    Asked asked("GET");
    dispatcher_->submit(asked.request);

    dispatcher_->let_go();
    old.answer(stream_of(old), "old");
    settle();

    EXPECT_EQ(asked.sink.told, "200 old end");
}

TEST_F(DispatcherTest, TheTimeOfBeingHeldIsNoTimeOfWaiting) {
    FakeWorker old = new_worker();
    dispatcher_->hold();
    Asked first("GET");
    Asked second("GET");
    first.request.queued = second.request.queued = steady_clock::now() - seconds(60);
    dispatcher_->submit(first.request);
    dispatcher_->submit(second.request);

    dispatcher_->let_go();
    dispatcher_->sweep(steady_clock::now());

    EXPECT_EQ(second.sink.told, "") << "it waits for the one worker, from now on";
    old.answer(stream_of(old), "one");
    settle();
    old.answer(stream_of(old), "two");
    settle();
    EXPECT_EQ(second.sink.told, "200 two end");
}

TEST_F(DispatcherTest, WhoIsHeldMayLeave) {
    FakeWorker old = new_worker();
    dispatcher_->hold();
    Asked asked("GET");
    dispatcher_->submit(asked.request);

    dispatcher_->withdraw(asked.request);
    dispatcher_->let_go();

    EXPECT_FALSE(old.receive());
}

}  // namespace bundle
