#include "frontend/observe/log_writer.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <array>
#include <csignal>
#include <optional>
#include <thread>

namespace bundle {

namespace {

std::shared_ptr<const OwnedFd> shared(int fd) { return std::make_shared<const OwnedFd>(fd); }

}  // namespace

TEST(LogWriter, WhatWasGivenIsWrittenInOrderBeforeItEnds) {
    const auto file = shared(memfd_create("log", MFD_CLOEXEC));
    std::optional<LogWriter> writer(std::in_place);

    writer->write(file, "one\n");
    writer->write(file, "two\n");
    writer.reset();

    std::array<char, 64> text{};
    const ssize_t got = pread(file->get(), text.data(), text.size(), 0);
    EXPECT_EQ(std::string_view(text.data(), static_cast<std::size_t>(got)), "one\ntwo\n");
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
}

}  // namespace bundle
