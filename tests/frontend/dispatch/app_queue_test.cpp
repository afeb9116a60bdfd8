#include "frontend/dispatch/app_queue.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <string>

namespace bundle {

namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

// Each request has a letter; "taken" tells in which order workers get them.
class AppQueueTest : public testing::Test {
  protected:
    explicit AppQueueTest() : queue_({.max = 100, .timeout = 9s, .share_per_ip = 2}) {}

    AppRequest& make(char name, milliseconds queued, const QueuePolicy* policy = nullptr) {
        AppRequest& request = requests_.emplace_back();
        request.queued = kStart + queued;
        request.queueing = policy;
        queue_.assign_lane(request);
        names_.push_back({&request, name});
        return request;
    }
    AppRequest& push(char name, milliseconds queued, const QueuePolicy* policy = nullptr) {
        AppRequest& request = make(name, queued, policy);
        queue_.push(request);
        return request;
    }
    AppRequest& push_of_client(char name, const char* address) {
        AppRequest& request = make(name, 0ms);
        request.counted_as = address;
        queue_.push(request);
        return request;
    }
    AppRequest newcomer_of(const char* address) {
        AppRequest request;
        request.counted_as = address;
        return request;
    }

    [[nodiscard]] char name_of(const AppRequest* request) const {
        for (const auto& [known, name] : names_)
            if (known == request) return name;
        return '-';
    }
    // What a worker gets that is free now; "-": nothing.
    char take(milliseconds now) {
        AppRequest* request = queue_.next(kStart + now);
        if (request != nullptr) queue_.served(*request, kStart + now);
        return name_of(request);
    }
    std::string take_all(milliseconds now) {
        std::string taken;
        while (taken.find('-') == std::string::npos) taken += take(now);
        return taken;
    }
    // Twenty wait from `begin` on, and workers become free too rarely for them.
    void overload(milliseconds begin) {
        for (int i = 0; i < 20; ++i) push('o', begin);
        for (milliseconds at = begin; at < begin + 2s; at += 250ms) take(at);
        ASSERT_TRUE(queue_.newest_first());
    }

    static constexpr AppQueue::Moment kStart{1000s};
    AppQueue queue_;
    std::deque<AppRequest> requests_;
    std::vector<std::pair<const AppRequest*, char>> names_;
    const QueuePolicy high_{"high", Priority::High};
    const QueuePolicy low_{"low", Priority::Low};
    const QueuePolicy report_{"/report", Priority::Normal, 2};
};

}  // namespace

// ---- order ----

TEST_F(AppQueueTest, FirstInFirstOut) {
    push('a', 0ms);
    push('b', 1ms);
    push('c', 2ms);

    EXPECT_EQ(take_all(3ms), "abc-");
    EXPECT_TRUE(queue_.empty());
}

TEST_F(AppQueueTest, ARequestWhoseWorkerDiedGoesFirst) {
    push('a', 0ms);
    AppRequest& back = make('b', 50ms, &low_);
    back.came_back = true;
    queue_.push(back);
    push('c', 60ms, &high_);

    EXPECT_EQ(take_all(70ms), "bca-");
}

TEST_F(AppQueueTest, ARequestWhoseClientLeftIsTakenOutOfAnyPlace) {
    push('a', 0ms);
    AppRequest& b = push('b', 1ms);
    AppRequest& c = push('c', 2ms);

    queue_.remove(b);
    EXPECT_FALSE(b.in_queue);
    queue_.remove(c);
    EXPECT_EQ(queue_.size(), 1U);
    queue_.push(b);
    EXPECT_EQ(take_all(3ms), "ab-");
}

TEST_F(AppQueueTest, AHigherPriorityGoesFirst) {
    push('l', 0ms, &low_);
    push('n', 0ms);
    push('h', 1ms, &high_);

    EXPECT_EQ(take_all(2ms), "hnl-");
}

TEST_F(AppQueueTest, APriorityIsAHeadStartOfAThirdOfTheTimeoutSoThatNoneStarves) {
    push('l', 0s, &low_);
    push('n', 2900ms);
    push('m', 3100ms);
    push('h', 5950ms, &high_);
    push('i', 6200ms, &high_);

    EXPECT_EQ(take_all(6200ms), "nhlmi-");
}

// ---- overload ----

TEST_F(AppQueueTest, AQueueThatIsLongOnlyOnceIsServedInOrder) {
    push('a', 0ms);
    push('b', 1s);

    EXPECT_EQ(take(5s), 'a');
    EXPECT_FALSE(queue_.newest_first());
    EXPECT_EQ(take(5s + 800ms), 'b');
}

TEST_F(AppQueueTest, TheNewestGoesFirstWhileTheQueueStands) {
    overload(0ms);
    push('x', 2s);
    push('y', 2s + 1ms);

    EXPECT_EQ(take(2s + 2ms), 'y');
    EXPECT_EQ(take(2s + 3ms), 'x');
    EXPECT_EQ(take(2s + 4ms), 'o');
}

TEST_F(AppQueueTest, TheOldestGoesFirstAgainWhenNobodyOldIsLeft) {
    overload(0ms);
    take_all(2s);
    EXPECT_FALSE(queue_.newest_first());
    push('a', 3s);
    push('b', 3s + 1ms);

    EXPECT_EQ(take_all(3s + 2ms), "ab-");
}

TEST_F(AppQueueTest, InOverloadWhoGotNothingForAThirdOfTheTimeoutGetsAWorker) {
    push('l', 0ms, &low_);
    push('m', 10ms, &low_);
    overload(0ms);
    for (int i = 0; i < 20; ++i) push('n', 3500ms);

    EXPECT_EQ(take(3600ms), 'm');
    EXPECT_EQ(take(3700ms), 'n');
    EXPECT_EQ(take(3800ms), 'n');
}

TEST_F(AppQueueTest, ALowPriorityThatWaitsForItsTurnIsNoOverload) {
    push('l', 0ms, &low_);
    for (milliseconds at = 0ms; at < 2500ms; at += 50ms) {
        push('n', at);
        EXPECT_EQ(take(at), 'n');
        EXPECT_FALSE(queue_.newest_first());
    }
}

// ---- limits ----

TEST_F(AppQueueTest, IsFullAtItsLimit) {
    for (int i = 0; i < 99; ++i) push('a', 0ms);
    EXPECT_FALSE(queue_.full());
    push('b', 0ms);
    EXPECT_TRUE(queue_.full());
}

TEST_F(AppQueueTest, GivesUpWhatHasWaitedForTooLongAndNothingElse) {
    const AppRequest& old = push('a', 0s);
    push('b', 5s);

    EXPECT_EQ(queue_.pop_expired(kStart + 9s), nullptr);
    EXPECT_EQ(queue_.pop_expired(kStart + 9001ms), &old);
    EXPECT_EQ(queue_.pop_expired(kStart + 9001ms), nullptr);
}

TEST_F(AppQueueTest, WhatCameBackFromADeadWorkerDoesNotHideWhatHasWaitedForTooLong) {
    const AppRequest& old = push('a', 0s);
    AppRequest& back = make('b', 8s);
    back.came_back = true;
    queue_.push(back);

    EXPECT_EQ(queue_.pop_expired(kStart + 10s), &old);
    EXPECT_EQ(queue_.pop_expired(kStart + 10s), nullptr);
    EXPECT_EQ(take(10s), 'b');
}

TEST_F(AppQueueTest, ARouteAtItsLimitIsPassedOverAndGoesOnWhenOneOfItIsDone) {
    AppRequest& first = make('a', 0ms, &report_);
    const InFlight one(*first.lane);
    auto two = std::make_optional<InFlight>(*first.lane);
    push('r', 0ms, &report_);
    push('n', 1s);

    EXPECT_EQ(take_all(1s), "n-");
    two.reset();
    EXPECT_EQ(take_all(1s), "r-");
}

TEST_F(AppQueueTest, EachOfManyRoutesHasItsOwnLimit) {
    std::deque<QueuePolicy> routes;
    for (const char name : std::string_view("abcdefghij"))
        routes.push_back({std::string(1, name), Priority::Normal, 1});
    std::deque<InFlight> running;
    for (const QueuePolicy& route : routes) {
        AppRequest& request = make(route.route.front(), 0ms, &route);
        EXPECT_TRUE(AppQueue::may_go(request));
        running.emplace_back(*request.lane);
        EXPECT_FALSE(AppQueue::may_go(request));
    }

    for (const QueuePolicy& route : routes)
        EXPECT_FALSE(AppQueue::may_go(make(route.route.front(), 0ms, &route)));
}

TEST_F(AppQueueTest, ARouteAtItsLimitIsNoOverload) {
    AppRequest& first = make('a', 0ms, &report_);
    const InFlight one(*first.lane);
    const InFlight two(*first.lane);
    for (int i = 0; i < 5; ++i) push('r', 0ms, &report_);
    for (milliseconds at = 0ms; at < 5s; at += 100ms) {
        push('n', at);
        EXPECT_EQ(take(at), 'n');
    }

    EXPECT_FALSE(queue_.newest_first());
}

TEST_F(AppQueueTest, ARouteThatAReloadKeepsKeepsItsCountAndGetsTheNewLimit) {
    AppRequest& before = make('a', 0ms, &report_);
    const InFlight one(*before.lane);
    const QueuePolicy reloaded{"/report", Priority::High, 1};

    EXPECT_TRUE(AppQueue::may_go(before));
    EXPECT_FALSE(AppQueue::may_go(make('b', 0ms, &reloaded)));
}

// ---- fairness: of a queue with shares of two places ----

TEST_F(AppQueueTest, WhoHoldsMoreThanItsShareGivesItsNewestPlaceToOthers) {
    push_of_client('a', "192.0.2.1");
    push_of_client('b', "192.0.2.1");
    EXPECT_EQ(queue_.gives_way_to(newcomer_of("192.0.2.2")), nullptr);
    const AppRequest& newest = push_of_client('c', "192.0.2.1");

    EXPECT_EQ(queue_.gives_way_to(newcomer_of("192.0.2.2")), &newest);
    EXPECT_EQ(queue_.gives_way_to(newcomer_of("192.0.2.1")), nullptr);
}

TEST_F(AppQueueTest, WhoHoldsMostGivesWay) {
    for (const char* address : {"192.0.2.1", "192.0.2.2"})
        for (int i = 0; i < 3; ++i) push_of_client('a', address);
    const AppRequest& fourth = push_of_client('b', "192.0.2.2");

    EXPECT_EQ(queue_.gives_way_to(newcomer_of("192.0.2.3")), &fourth);
    queue_.remove(const_cast<AppRequest&>(fourth));
    push_of_client('c', "192.0.2.1");
    EXPECT_EQ(queue_.gives_way_to(newcomer_of("192.0.2.3"))->counted_as, "192.0.2.1");
}

TEST_F(AppQueueTest, AnIpv6ClientIsItsSlash64) {
    push_of_client('a', "2001:db8::1");
    push_of_client('b', "2001:db8::2");
    const AppRequest& newest = push_of_client('c', "2001:db8::3");

    EXPECT_EQ(queue_.gives_way_to(newcomer_of("2001:db8::4")), nullptr);
    EXPECT_EQ(queue_.gives_way_to(newcomer_of("2001:db8:0:1::1")), &newest);
}

TEST_F(AppQueueTest, WhoHasNoAddressIsNotCounted) {
    for (int i = 0; i < 5; ++i) push_of_client('a', "");

    EXPECT_EQ(queue_.gives_way_to(newcomer_of("192.0.2.1")), nullptr);
}

TEST_F(AppQueueTest, InOverloadTheOldestGivesWayAndALowPriorityBeforeIt) {
    overload(0ms);
    push('n', 2s);
    EXPECT_EQ(name_of(queue_.gives_way_to(newcomer_of("192.0.2.1"))), 'o');

    push('l', 2s, &low_);
    EXPECT_EQ(name_of(queue_.gives_way_to(newcomer_of("192.0.2.1"))), 'l');
}

}  // namespace bundle
