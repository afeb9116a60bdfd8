#include "frontend/observe/access_log.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <vector>

namespace bundle {

using std::chrono::seconds;
using std::chrono::system_clock;

constexpr system_clock::time_point kLogged{seconds{1'700'000'000}};

// A regular file without a name.
OwnedFd unnamed_file() { return OwnedFd(memfd_create("access log", MFD_CLOEXEC)); }

std::string contents(int fd) {
    std::string text(1 << 16, '\0');
    const ssize_t length = pread(fd, text.data(), text.size(), 0);
    text.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
    return text;
}

const AccessLine kCombined;

std::string line_of(const AccessRecord& record) {
    LogClock clock;
    clock.set(kLogged);
    std::string line;
    kCombined.append_to(line, record, clock);
    return line;
}

AccessRecord short_record() {
    return {.client = "192.0.2.7",
            .method = "GET",
            .target = "/a?b=c",
            .protocol = "HTTP/1.1",
            .status = 200,
            .body_bytes = 42,
            .referer = "https://example.com/",
            .user_agent = "curl/7.88.1"};
}

TEST(AccessLog, NothingIsWrittenBeforeTheFlush) {
    OwnedFd file = unnamed_file();
    const int fd = file.get();
    AccessLog log(std::move(file));

    log.append(kCombined, short_record(), kLogged);

    EXPECT_EQ(contents(fd), "");
}

TEST(AccessLog, WithoutAFileNothingIsLoggedAndNothingLost) {
    AccessLog log{OwnedFd{}};

    log.append(kCombined, short_record(), kLogged);
    log.flush();

    EXPECT_EQ(log.lost(), 0U);
}

TEST(AccessLog, WhatWouldGoToDevNullIsNotEvenMade) {
    AccessLog log(OwnedFd(open("/dev/null", O_WRONLY | O_CLOEXEC)));

    EXPECT_FALSE(log.is_on());
}

struct Reader {
    OwnedFd end;

    std::string read_all() const {
        std::string all;
        std::array<char, 4096> piece{};
        for (ssize_t got = 0; (got = read(end.get(), piece.data(), piece.size())) > 0;)
            all.append(piece.data(), static_cast<std::size_t>(got));
        return all;
    }
};

std::string read_while_flushing(AccessLog& log, const Reader& reader) {
    std::string all;
    do {
        log.flush();
        all += reader.read_all();
    } while (log.has_pending());
    return all;
}

// Logs without anybody reading until lines are lost, reads everything, and logs one line more.
void expect_whole_lines(OwnedFd writing_end, const Reader& reader) {
    AccessLog log(std::move(writing_end));
    AccessRecord record = short_record();
    const std::string long_target(1'777, 'a');
    record.target = long_target;

    std::uint64_t appended = 0;
    for (; log.lost() < 3; ++appended) {
        log.append(kCombined, record, kLogged);
        log.flush();
    }
    std::string all = read_while_flushing(log, reader);
    log.append(kCombined, record, kLogged);
    all += read_while_flushing(log, reader);

    std::uint64_t lines = 0;
    const std::string expected = line_of(record);
    for (std::size_t at = 0; at < all.size(); at += expected.size(), ++lines)
        ASSERT_EQ(all.substr(at, expected.size()), expected) << "a torn line";
    EXPECT_EQ(lines, appended + 1 - log.lost());
}

TEST(AccessLog, ABlockingPipeThatNobodyReadsLosesWholeLinesAndNeverWaits) {
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
    const Reader reader{OwnedFd(ends[0])};
    fcntl(ends[0], F_SETFL, O_NONBLOCK);

    expect_whole_lines(OwnedFd(ends[1]), reader);
}

TEST(AccessLog, ABlockingSocketThatNobodyReadsLosesWholeLinesAndNeverWaits) {
    std::array<int, 2> ends{};
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    const Reader reader{OwnedFd(ends[0])};
    fcntl(ends[0], F_SETFL, O_NONBLOCK);

    expect_whole_lines(OwnedFd(ends[1]), reader);
}

TEST(AccessLog, AReaderWhoIsSlowForAWhileGetsEveryLine) {
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
    const Reader reader{OwnedFd(ends[0])};
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    AccessLog log{OwnedFd(ends[1])};
    const std::string line = line_of(short_record());

    constexpr std::uint64_t kLines = 20'000;  // many times what the pipe takes
    for (std::uint64_t i = 0; i < kLines; ++i) log.append(kCombined, short_record(), kLogged);
    const std::string all = read_while_flushing(log, reader);

    EXPECT_EQ(log.lost(), 0U);
    EXPECT_EQ(all.size(), kLines * line.size());
    EXPECT_TRUE(all.ends_with(line));
}

TEST(AccessLog, APipeThatNobodyWillReadLosesItsLinesAtOnce) {
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
    close(ends[0]);
    signal(SIGPIPE, SIG_IGN);  // as in the front
    AccessLog log{OwnedFd(ends[1])};

    log.append(kCombined, short_record(), kLogged);
    log.flush();

    EXPECT_EQ(log.lost(), 1U);
    EXPECT_FALSE(log.has_pending());
}

TEST(AccessLog, ADiskThatIsFullCostsTheLinesAndNothingElse) {
    OwnedFd full(open("/dev/full", O_WRONLY | O_CLOEXEC));
    if (!full) GTEST_SKIP() << "no /dev/full here";
    AccessLog log(std::move(full));

    log.append(kCombined, short_record(), kLogged);
    log.append(kCombined, short_record(), kLogged);
    log.flush();

    EXPECT_EQ(log.lost(), 2U);
}

}  // namespace bundle
