#include "frontend/answer/answer_buffer.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <string>

namespace bundle {

namespace {

const AnswerLimits kSmall = {.memory = {16}, .disk = {32}, .temp_directory = "/tmp"};

// Everything that waits, in its order, taken in steps of `step`.
std::string drained(AnswerBuffer& buffer, std::size_t step) {
    std::string all;
    while (!buffer.empty()) {
        const auto part = buffer.take(step);
        if (!part) return "error: " + part.error().message;
        all += *part;
    }
    return all;
}

OwnedFd file_of(std::string_view content) {
    OwnedFd file(open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    EXPECT_EQ(write(file.get(), content.data(), content.size()),
              static_cast<ssize_t>(content.size()));
    return file;
}

}  // namespace

TEST(AnswerBuffer, KeepsTheOrderOfMemorySpoolAndFiles) {
    AnswerBuffer buffer;
    const OwnedFd file = file_of("0123456789");
    ASSERT_TRUE(buffer.append("in memory ", kSmall));
    ASSERT_TRUE(buffer.append("spooled to disk ", kSmall));
    buffer.append_file({file.get(), 2, 5}, nullptr);
    ASSERT_TRUE(buffer.append(" more", kSmall));

    EXPECT_EQ(buffer.size(), 10U + 16U + 5U + 5U);
    EXPECT_EQ(drained(buffer, 7), "in memory spooled to disk 23456 more");
    EXPECT_EQ(buffer.size(), 0U);
}

TEST(AnswerBuffer, WhatComesAfterSpooledBytesIsSpooledTooUntilTheyAreGone) {
    AnswerBuffer buffer;
    ASSERT_TRUE(buffer.append("this is longer than the memory", kSmall));
    ASSERT_TRUE(buffer.append("a", kSmall));
    std::array<std::string_view, 2> views;
    EXPECT_EQ(buffer.gather(views), 0U);
    ASSERT_TRUE(buffer.next_file());
    EXPECT_EQ(buffer.next_file()->length, 31U);

    EXPECT_EQ(drained(buffer, 1000), "this is longer than the memorya");
    ASSERT_TRUE(buffer.append("b", kSmall));

    EXPECT_EQ(buffer.gather(views), 1U);
    EXPECT_EQ(views[0], "b");
}

TEST(AnswerBuffer, IsFullAboveTheDiskLimitAndHasRoomAgainBelowHalfOfIt) {
    AnswerBuffer buffer;
    ASSERT_TRUE(buffer.append(std::string(33, 'x'), kSmall));
    EXPECT_TRUE(buffer.full(kSmall));
    EXPECT_FALSE(buffer.has_room(kSmall));

    buffer.consume(10);
    EXPECT_FALSE(buffer.full(kSmall));
    EXPECT_FALSE(buffer.has_room(kSmall));

    buffer.consume(7);
    EXPECT_TRUE(buffer.has_room(kSmall));
}

TEST(AnswerBuffer, GathersPiecesOfMemoryUpToTheFirstFile) {
    AnswerBuffer buffer;
    const OwnedFd file = file_of("0123456789");
    const auto owner = std::make_shared<const std::string>("kept by its owner");
    ASSERT_TRUE(buffer.append("own", kSmall));
    buffer.append_shared(*owner, owner);
    buffer.append_file({file.get(), 0, 10}, nullptr);

    std::array<std::string_view, 8> views;
    ASSERT_EQ(buffer.gather(views), 2U);
    EXPECT_EQ(views[0], "own");
    EXPECT_EQ(views[1], *owner);
    EXPECT_FALSE(buffer.next_file());

    buffer.consume(3 + 5);
    EXPECT_EQ(buffer.gather(views), 1U);
    EXPECT_EQ(views[0], "by its owner");
}

TEST(AnswerBuffer, AFileThatBecameShorterCannotBeTakenToItsEnd) {
    AnswerBuffer buffer;
    const OwnedFd file = file_of("0123456789");
    buffer.append_file({file.get(), 0, 10}, nullptr);
    ASSERT_EQ(ftruncate(file.get(), 4), 0);

    EXPECT_EQ(buffer.take(10).value(), "0123");
    EXPECT_FALSE(buffer.take(10));
}

TEST(AnswerBuffer, ATemporaryDirectoryThatIsNotThereIsTold) {
    AnswerBuffer buffer;
    const AnswerLimits nowhere = {.memory = {1}, .disk = {100}, .temp_directory = "/nonexistent"};

    const auto kept = buffer.append("too long", nowhere);

    ASSERT_FALSE(kept);
    EXPECT_NE(kept.error().message.find("/nonexistent"), std::string::npos);
    EXPECT_TRUE(buffer.empty());
}

}  // namespace bundle
