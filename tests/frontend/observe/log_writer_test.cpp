#include "frontend/observe/log_writer.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <array>
#include <csignal>
#include <optional>
#include <thread>

namespace bundle {

namespace {

std::shared_ptr<const OwnedFd> shared(int fd) { return std::make_shared<const OwnedFd>(fd); }

std::string contents(const OwnedFd& file) {
    std::array<char, 64> text{};
    const ssize_t got = pread(file.get(), text.data(), text.size(), 0);
    return {text.data(), got < 0 ? 0 : static_cast<std::size_t>(got)};
}

}  // namespace

TEST(LogWriter, WhatWasGivenIsWrittenInOrderBeforeItEnds) {
    const auto file = shared(memfd_create("log", MFD_CLOEXEC));
    std::optional<LogWriter> writer(std::in_place);

    writer->write(file, "one\n");
    writer->write(file, "two\n");
    writer.reset();

    EXPECT_EQ(contents(*file), "one\ntwo\n");
}

TEST(LogWriter, WhatStandsStillCostsLinesAndHoldsNobodyUp) {
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
    std::optional<OwnedFd> reader(std::in_place, ends[0]);
    const auto stalls = shared(ends[1]);
    LogWriter writer;

    for (int i = 0; i < 100; ++i) writer.write(stalls, std::string(99'999, 'a') + '\n');

    EXPECT_GT(writer.lost(), 50U);
    EXPECT_LT(writer.lost(), 100U);
    signal(SIGPIPE, SIG_IGN);
    reader.reset();  // ends the write that waits
}

TEST(LogWriter, ADiskThatIsFullIsCounted) {
    const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    if (full < 0) GTEST_SKIP() << "no /dev/full here";
    LogWriter writer;

    writer.write(shared(full), "one\ntwo\n");

    while (writer.lost() == 0) std::this_thread::yield();
    EXPECT_EQ(writer.lost(), 2U);
    EXPECT_EQ(writer.last_error(), ENOSPC);
    EXPECT_TRUE(writer.fails());
}

// The first write is cut short within its second line, by a limit of the size of files.
TEST(LogWriter, ALineThatWasTornIsEndedBeforeTheNextAndCountedAsLost) {
    const auto file = shared(memfd_create("log", MFD_CLOEXEC));
    signal(SIGXFSZ, SIG_IGN);
    rlimit usual{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &usual), 0);
    rlimit small = usual;
    small.rlim_cur = 6;
    std::optional<LogWriter> writer(std::in_place);

    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    writer->write(file, "one\ntwo\n");
    while (writer->lost() == 0) std::this_thread::yield();
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &usual), 0);
    EXPECT_TRUE(writer->fails());
    writer->write(shared(dup(file->get())), "three\n");
    const std::uint64_t lost = writer->lost();
    writer.reset();

    EXPECT_EQ(lost, 1U);
    EXPECT_EQ(contents(*file), "one\ntw\nthree\n");
}

}  // namespace bundle
