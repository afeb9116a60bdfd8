#include "shared/wire/request_slots.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

namespace bundle::wire {

namespace {

// The front's and the worker's view of the same memory.
struct BothSides {
    RequestSlots worker = RequestSlots::create().value();
    RequestSlots front =
        RequestSlots::open(OwnedFd(fcntl(worker.fd(), F_DUPFD_CLOEXEC, 0))).value();
};

}  // namespace

TEST(RequestSlots, WhoComesFirstHasTheRequest) {
    BothSides both;
    both.front.offer(1);
    both.front.offer(2);

    EXPECT_FALSE(both.front.has_begun(1));
    EXPECT_TRUE(both.worker.begin(1));
    EXPECT_TRUE(both.front.has_begun(1));
    EXPECT_FALSE(both.front.take_back(1));

    EXPECT_TRUE(both.front.take_back(2));
    EXPECT_FALSE(both.worker.begin(2));
}

TEST(RequestSlots, WhatWasNeverOfferedCannotBeBegun) {
    BothSides both;
    both.front.offer(1);

    EXPECT_FALSE(both.worker.begin(3));
    EXPECT_TRUE(both.worker.begin(1));
}

TEST(RequestSlots, AnOfferStandsUntilItIsBegunOrTakenBack) {
    BothSides both;
    EXPECT_FALSE(both.worker.has_offer());
    both.front.offer(1);
    both.front.offer(2);
    both.worker.begin(1);
    EXPECT_TRUE(both.worker.has_offer());
    both.front.take_back(2);
    EXPECT_FALSE(both.worker.has_offer());
}

TEST(RequestSlots, EachRequestHasAClientOfItsOwn) {
    BothSides both;
    both.front.offer(1);
    both.front.offer(2);

    both.front.tell_client(1, ClientState::Left);

    EXPECT_EQ(both.worker.client(1), ClientState::Left);
    EXPECT_EQ(both.worker.client(2), ClientState::Listens);
    both.front.offer(3);
    EXPECT_EQ(both.worker.client(3), ClientState::Listens);
}

TEST(RequestSlots, MemoryThatMayShrinkOrHasAnotherSizeIsRefused) {
    OwnedFd unsealed(memfd_create("unsealed", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    ASSERT_EQ(ftruncate(unsealed.get(), 16), 0);
    auto larger = SealedMemory::create("memory", 64).value();

    EXPECT_FALSE(RequestSlots::open(std::move(unsealed)));
    EXPECT_FALSE(RequestSlots::open(OwnedFd(fcntl(larger.fd(), F_DUPFD_CLOEXEC, 0))));
    EXPECT_FALSE(RequestSlots::open(OwnedFd()));
}

}  // namespace bundle::wire
