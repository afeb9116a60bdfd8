#include "frontend/answer/answer_buffer.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <string>

#include "tests/frontend/answer/temp_space.hpp"

namespace bundle {

namespace {

// Where nothing can be written.
SpoolSpace& full_disk() {
    static SpoolSpace space({.directory = "/tmp", .min_free = {}, .max = {0}});
    return space;
}
const AnswerLimits kSmall = {.memory = {16}, .disk = {32}, .space = &temp()};
const AnswerLimits kNoDisk = {.memory = {16}, .disk = {32}, .space = &full_disk()};

const AnswerLimits kUnbuffered = {.memory = {16}, .disk = {}, .space = nullptr};

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

TEST(AnswerBuffer, WhatComesNextIsCopiedAcrossPiecesAndFiles) {
    const OwnedFd file = file_of("from a file");
    AnswerBuffer buffer;
    buffer.append("memory ", kSmall);
    buffer.append_file({file.get(), 0, 11}, nullptr);
    buffer.append_shared(" shared", std::make_shared<int>());
    std::string first(12, '?');
    std::string rest(13, '?');

    EXPECT_TRUE(buffer.copy_next(first));
    EXPECT_TRUE(buffer.copy_next(rest));

    EXPECT_EQ(first + rest, "memory from a file shared");
    EXPECT_TRUE(buffer.empty());
}

TEST(AnswerBuffer, AFileThatBecameShorterCannotBeCopied) {
    const OwnedFd file = file_of("short");
    AnswerBuffer buffer;
    buffer.append_file({file.get(), 0, 100}, nullptr);
    std::string bytes(100, '?');

    EXPECT_FALSE(buffer.copy_next(bytes));
}

TEST(AnswerBuffer, WithoutAPlaceForAFileItIsFullAboveItsMemory) {
    AnswerBuffer buffer;
    buffer.append("0123456789", kUnbuffered);
    EXPECT_FALSE(buffer.full(kUnbuffered));
    buffer.append("abcdefghij", kUnbuffered);
    EXPECT_TRUE(buffer.full(kUnbuffered));
    EXPECT_FALSE(buffer.next_file());

    buffer.consume(11);
    EXPECT_FALSE(buffer.has_room(kUnbuffered));
    buffer.consume(1);
    EXPECT_TRUE(buffer.has_room(kUnbuffered));
    EXPECT_EQ(drained(buffer, 100), "cdefghij");
}

TEST(AnswerBuffer, KeepsTheOrderOfMemorySpoolAndFiles) {
    AnswerBuffer buffer;
    const OwnedFd file = file_of("0123456789");
    buffer.append("in memory ", kSmall);
    buffer.append("spooled to disk ", kSmall);
    buffer.append_file({file.get(), 2, 5}, nullptr);
    buffer.append(" more", kSmall);

    EXPECT_EQ(buffer.size(), 10U + 16U + 5U + 5U);
    EXPECT_EQ(drained(buffer, 7), "in memory spooled to disk 23456 more");
    EXPECT_EQ(buffer.size(), 0U);
}

TEST(AnswerBuffer, WhatComesAfterSpooledBytesIsSpooledTooUntilTheyAreGone) {
    AnswerBuffer buffer;
    buffer.append("this is longer than the memory", kSmall);
    buffer.append("a", kSmall);
    std::array<std::string_view, 2> views;
    EXPECT_EQ(buffer.gather(views), 0U);
    ASSERT_TRUE(buffer.next_file());
    EXPECT_EQ(buffer.next_file()->length, 31U);

    EXPECT_EQ(drained(buffer, 1000), "this is longer than the memorya");
    buffer.append("b", kSmall);

    EXPECT_EQ(buffer.gather(views), 1U);
    EXPECT_EQ(views[0], "b");
}

TEST(AnswerBuffer, IsFullAboveTheDiskLimitAndHasRoomAgainBelowHalfOfIt) {
    AnswerBuffer buffer;
    buffer.append(std::string(33, 'x'), kSmall);
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
    const auto owner = std::make_shared<const std::string>("kept " + std::string(8192, '-'));
    buffer.append("own", kSmall);
    buffer.append_shared(*owner, owner);
    buffer.append_file({file.get(), 0, 10}, nullptr);

    std::array<std::string_view, 8> views;
    ASSERT_EQ(buffer.gather(views), 2U);
    EXPECT_EQ(views[0], "own");
    EXPECT_EQ(views[1], *owner);
    EXPECT_FALSE(buffer.next_file());

    buffer.consume(3 + 5);
    EXPECT_EQ(buffer.gather(views), 1U);
    EXPECT_EQ(views[0], std::string_view(*owner).substr(5));
}

TEST(AnswerBuffer, ASmallPieceIsCopiedBehindWhatStandsBeforeIt) {
    AnswerBuffer buffer;
    buffer.append("head ", kSmall);
    buffer.append_shared("body", std::make_shared<const int>());

    std::array<std::string_view, 8> views;
    ASSERT_EQ(buffer.gather(views), 1U);
    EXPECT_EQ(views[0], "head body");
}

TEST(AnswerBuffer, AFileThatBecameShorterCannotBeTakenToItsEnd) {
    AnswerBuffer buffer;
    const OwnedFd file = file_of("0123456789");
    buffer.append_file({file.get(), 0, 10}, nullptr);
    ASSERT_EQ(ftruncate(file.get(), 4), 0);

    EXPECT_EQ(buffer.take(10).value(), "0123");
    EXPECT_FALSE(buffer.take(10));
}

TEST(AnswerBuffer, WhatTheDiskCannotTakeStaysInMemoryAndTheSourceWaits) {
    AnswerBuffer buffer;
    buffer.append("fits in memory", kNoDisk);
    EXPECT_FALSE(buffer.full(kNoDisk));

    buffer.append(" and does not", kNoDisk);
    EXPECT_TRUE(buffer.full(kNoDisk));
    EXPECT_FALSE(buffer.has_room(kNoDisk));
    EXPECT_FALSE(buffer.next_file());

    buffer.consume(20);
    EXPECT_TRUE(buffer.has_room(kNoDisk));
    EXPECT_EQ(drained(buffer, 100), "oes not");
}

// A stream whose client is always a little behind must not leave a trace for each piece.
TEST(AnswerBuffer, AStreamThatNeverRunsDryKeepsNothingOfWhatWasSent) {
    const AnswerLimits limits = {.memory = 1_MiB, .disk = {0}, .space = &temp()};
    const std::string piece(64U << 10, 'x');
    AnswerBuffer buffer;
    buffer.append(piece, limits);

    for (int i = 0; i < 10'000; ++i) {
        buffer.append(piece, limits);
        buffer.consume(piece.size());
    }

    EXPECT_EQ(buffer.size(), piece.size());
    EXPECT_LE(buffer.pieces_kept(), 64U);
}

TEST(AnswerBuffer, ATemporaryDirectoryThatIsNotThereMakesTheSourceWaitToo) {
    SpoolSpace nowhere({.directory = "/nonexistent", .min_free = {}});
    const AnswerLimits limits = {.memory = {1}, .disk = {100}, .space = &nowhere};
    AnswerBuffer buffer;

    testing::internal::CaptureStderr();
    buffer.append("too long", limits);
    const std::string told = testing::internal::GetCapturedStderr();

    EXPECT_NE(told.find("/nonexistent"), std::string::npos);
    EXPECT_TRUE(buffer.full(limits));
    EXPECT_EQ(drained(buffer, 100), "too long");
}

TEST(AnswerBuffer, BytesAfterADiskThatWasFullKeepTheirOrder) {
    AnswerBuffer buffer;
    buffer.append("0123456789abcdefg spooled", kSmall);
    buffer.append(" kept", kNoDisk);
    buffer.append(" and spooled again", kSmall);

    EXPECT_EQ(drained(buffer, 7), "0123456789abcdefg spooled kept and spooled again");
    EXPECT_EQ(temp().used(), 0U);
}

}  // namespace bundle
