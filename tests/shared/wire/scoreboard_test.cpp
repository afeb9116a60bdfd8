#include "shared/wire/scoreboard.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bundle::wire {

namespace {

OwnedFd memory_of(off_t size) {
    OwnedFd memory(memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    EXPECT_EQ(ftruncate(memory.get(), size), 0);
    return memory;
}

void seal(const OwnedFd& memory) {
    EXPECT_EQ(fcntl(memory.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL), 0);
}

}  // namespace

TEST(Scoreboard, EveryRowIsEmptyAtFirst) {
    const auto board = Scoreboard::create(3);

    ASSERT_TRUE(board) << board.error().message;
    ASSERT_EQ(board->rows().size(), 3);
    for (const WorkerRow& row : board->rows()) {
        EXPECT_EQ(row.state, WorkerState::Empty);
        EXPECT_EQ(row.pid, 0);
        EXPECT_EQ(read_text(row.request_line), "");
    }
}

TEST(Scoreboard, WhatAForkedWorkerWritesTheArbiterAndTheMasterRead) {
    const auto board = Scoreboard::create(2);
    ASSERT_TRUE(board);
    // The master's view: the same memory, from the descriptor.
    const auto view = Scoreboard::open(OwnedFd(dup(board->fd())));
    ASSERT_TRUE(view) << view.error().message;

    const pid_t worker = fork();
    if (worker == 0) {
        WorkerRow& row = board->rows()[1];
        row.pid = static_cast<std::uint32_t>(getpid());
        row.requests = 42;
        write_text(row.request_line, "GET /cart");
        row.state = WorkerState::Busy;
        _exit(0);
    }
    int status = 0;
    ASSERT_EQ(waitpid(worker, &status, 0), worker);

    ASSERT_EQ(status, 0);
    for (const Scoreboard* reader : {&*board, &*view}) {
        const WorkerRow& row = reader->rows()[1];
        EXPECT_EQ(row.pid, static_cast<std::uint32_t>(worker));
        EXPECT_EQ(row.requests, 42);
        EXPECT_EQ(row.state, WorkerState::Busy);
        EXPECT_EQ(read_text(row.request_line), "GET /cart");
        EXPECT_EQ(reader->rows()[0].state, WorkerState::Empty);
    }
}

TEST(Scoreboard, AViewReadsWhatIsWrittenAndCannotWrite) {
    const auto board = Scoreboard::create(2);
    ASSERT_TRUE(board);
    auto descriptor = board->view();
    ASSERT_TRUE(descriptor) << descriptor.error().message;
    const OwnedFd copy(dup(descriptor->get()));
    const auto view = ScoreboardView::open(std::move(*descriptor));
    ASSERT_TRUE(view) << view.error().message;

    board->rows()[1].requests = 42;

    ASSERT_EQ(view->used_rows().size(), 2);
    EXPECT_EQ(view->used_rows()[1].requests, 42);
    EXPECT_EQ(mmap(nullptr, sizeof(WorkerRow), PROT_WRITE, MAP_SHARED, copy.get(), 0), MAP_FAILED);
    EXPECT_EQ(write(copy.get(), "x", 1), -1);
    EXPECT_FALSE(Scoreboard::open(OwnedFd(dup(copy.get()))));
}

TEST(Scoreboard, RowsThatNobodyHasUsedAreNotTouched) {
    const auto board = Scoreboard::create(10'000);
    ASSERT_TRUE(board);
    EXPECT_TRUE(board->used_rows().empty());

    board->rows()[0].pid = 1;

    EXPECT_GE(board->used_rows().size(), 1U);
    EXPECT_LT(board->used_rows().size(), board->rows().size());
}

TEST(Scoreboard, NobodyCanShrinkItUnderAReader) {
    const auto board = Scoreboard::create(1);
    ASSERT_TRUE(board);

    EXPECT_NE(ftruncate(board->fd(), 0), 0);
    EXPECT_EQ(errno, EPERM);
}

TEST(Scoreboard, MemoryThatIsNotOneIsRefused) {
    OwnedFd unsealed = memory_of(sizeof(WorkerRow));
    OwnedFd half = memory_of(sizeof(WorkerRow) / 2);
    seal(half);
    OwnedFd empty = memory_of(0);
    seal(empty);

    EXPECT_FALSE(Scoreboard::open(std::move(unsealed)));
    EXPECT_FALSE(Scoreboard::open(std::move(half)));
    EXPECT_FALSE(Scoreboard::open(std::move(empty)));
    EXPECT_FALSE(Scoreboard::open(OwnedFd(dup(STDERR_FILENO)))) << "no memory at all";
    EXPECT_FALSE(Scoreboard::create(0));
}

TEST(Scoreboard, ATextIsCutToItsPlaceAndNeverReadBeyondIt) {
    std::array<char, 4> place{};

    write_text(place, "GET /cart");
    EXPECT_EQ(read_text(place), "GET");

    place.fill('x');  // a worker's code gone wild
    EXPECT_EQ(read_text(place), "xxxx");
}

}  // namespace bundle::wire
