#include "frontend/dispatch/app_queue.hpp"

#include <gtest/gtest.h>

namespace bundle {

namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

const steady_clock::time_point kStart{seconds(1000)};

AppRequest queued_at(seconds after_start) {
    AppRequest request;
    request.queued = kStart + after_start;
    return request;
}

}  // namespace

TEST(AppQueue, FirstInFirstOut) {
    AppQueue queue({.max = 10, .timeout = seconds(10)});
    AppRequest a;
    AppRequest b;
    AppRequest c;
    queue.push_back(a);
    queue.push_back(b);
    queue.push_back(c);

    EXPECT_EQ(&queue.pop_front(), &a);
    EXPECT_EQ(&queue.pop_front(), &b);
    EXPECT_EQ(&queue.pop_front(), &c);
    EXPECT_TRUE(queue.empty());
}

TEST(AppQueue, ARequestWhoseWorkerDiedGoesFirst) {
    AppQueue queue({.max = 10, .timeout = seconds(10)});
    AppRequest waiting;
    AppRequest requeued;
    queue.push_back(waiting);
    queue.push_front(requeued);

    EXPECT_EQ(&queue.pop_front(), &requeued);
    EXPECT_EQ(&queue.pop_front(), &waiting);
}

TEST(AppQueue, ARequestWhoseClientLeftIsTakenOutOfAnyPlace) {
    AppQueue queue({.max = 10, .timeout = seconds(10)});
    AppRequest a;
    AppRequest b;
    AppRequest c;
    queue.push_back(a);
    queue.push_back(b);
    queue.push_back(c);

    queue.remove(b);
    EXPECT_FALSE(b.in_queue);
    queue.remove(c);
    EXPECT_EQ(queue.size(), 1U);
    EXPECT_EQ(&queue.pop_front(), &a);
    queue.push_back(b);
    EXPECT_EQ(&queue.pop_front(), &b);
}

TEST(AppQueue, IsFullAtItsLimit) {
    AppQueue queue({.max = 1, .timeout = seconds(10)});
    AppRequest a;
    EXPECT_FALSE(queue.full());
    queue.push_back(a);
    EXPECT_TRUE(queue.full());
    queue.pop_front();
}

TEST(AppQueue, GivesUpWhatHasWaitedForTooLongAndNothingElse) {
    AppQueue queue({.max = 10, .timeout = seconds(10)});
    AppRequest old = queued_at(seconds(0));
    AppRequest young = queued_at(seconds(5));
    queue.push_back(old);
    queue.push_back(young);

    EXPECT_EQ(queue.pop_expired(kStart + seconds(10)), nullptr);
    EXPECT_EQ(queue.pop_expired(kStart + seconds(11)), &old);
    EXPECT_EQ(queue.pop_expired(kStart + seconds(11)), nullptr);
    queue.pop_front();
}

TEST(AppQueue, WhatCameBackFromADeadWorkerDoesNotHideWhatHasWaitedForTooLong) {
    AppQueue queue({.max = 10, .timeout = seconds(10)});
    AppRequest old = queued_at(seconds(0));
    AppRequest back = queued_at(seconds(9));
    back.came_back = true;
    queue.push_back(old);
    queue.push_front(back);

    EXPECT_EQ(queue.pop_expired(kStart + seconds(11)), &old);
    EXPECT_EQ(queue.pop_expired(kStart + seconds(11)), nullptr);
    EXPECT_EQ(&queue.pop_front(), &back);
}

}  // namespace bundle
