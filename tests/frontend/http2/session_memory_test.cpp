#include "frontend/http2/session_memory.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace bundle::http2 {

namespace {

constexpr std::size_t kLarge = 16'394;
constexpr std::size_t kPage = SessionPages::kPage;

// Pages that are really there.
std::size_t pages_at(void* block, std::size_t size) {
    std::array<unsigned char, 16> present{};
    EXPECT_EQ(mincore(block, size, present.data()), 0);
    return static_cast<std::size_t>(
        std::ranges::count_if(present, [](unsigned char one) { return (one & 1U) != 0; }));
}

char* at(void* block, std::size_t place) { return static_cast<char*>(block) + place; }

}  // namespace

TEST(SessionMemory, PagesThatAreNotWrittenToCostNothing) {
    SessionPages pages;
    SessionMemory memory(pages);
    void* const block = memory.allocate(kLarge);
    EXPECT_EQ(pages_at(block, kLarge), 0U);

    std::memcpy(block, "a head", 6);
    EXPECT_EQ(pages_at(block, kLarge), 1U);
}

TEST(SessionMemory, WhileItSleepsItHasNoPagesAndAfterwardsEveryByte) {
    SessionPages pages;
    SessionMemory memory(pages);
    void* const buffer = memory.allocate(kLarge);
    void* const table = memory.allocate_zeroed(256, 16);
    std::memcpy(buffer, "a head", 6);
    *at(buffer, kLarge - 1) = 'z';
    *at(table, 2000) = 't';

    memory.sleep();
    EXPECT_EQ(pages_at(buffer, kLarge), 0U);
    EXPECT_EQ(pages_at(table, kPage), 0U);

    memory.wake();
    EXPECT_EQ(std::string_view(static_cast<char*>(buffer), 7), std::string_view("a head\0", 7));
    EXPECT_EQ(*at(buffer, kLarge - 1), 'z');
    EXPECT_EQ(*at(table, 2000), 't');
    EXPECT_EQ(std::ranges::count(std::span(static_cast<char*>(table), kPage), '\0'), kPage - 1);
}

TEST(SessionMemory, WhatIsFullStaysWhereItIs) {
    SessionPages pages;
    SessionMemory memory(pages);
    void* const buffer = memory.allocate(kLarge);
    std::memset(buffer, 'x', kLarge);

    memory.sleep();
    EXPECT_EQ(pages_at(buffer, kLarge), 5U);
    memory.wake();
    EXPECT_EQ(std::ranges::count(std::span(static_cast<char*>(buffer), kLarge), 'x'), kLarge);
}

TEST(SessionMemory, SmallAndFurtherBlocksAreMallocs) {
    SessionPages pages;
    SessionMemory memory(pages);
    void* const first = memory.allocate(kLarge);
    void* const second = memory.allocate(kLarge);
    void* small = memory.resize(nullptr, 10);
    std::memcpy(small, "0123456789", 10);
    small = memory.resize(small, 5000);
    std::memcpy(first, "first", 5);

    void* const moved = memory.resize(first, 30'000);

    EXPECT_EQ(std::string_view(static_cast<char*>(small), 10), "0123456789");
    EXPECT_EQ(std::string_view(static_cast<char*>(moved), 5), "first");
    for (void* block : {first, second, small, moved}) memory.release(block);
}

TEST(SessionMemory, TheNextSessionFindsThePagesEmpty) {
    SessionPages pages;
    {
        SessionMemory memory(pages);
        std::memset(memory.allocate(kLarge), 'x', kLarge);
    }
    SessionMemory memory(pages);
    const auto* const block = static_cast<const char*>(memory.allocate(kLarge));

    EXPECT_EQ(std::ranges::count(std::span(block, kLarge), '\0'), kLarge);
}

}  // namespace bundle::http2
