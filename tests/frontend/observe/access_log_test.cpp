#include "frontend/observe/access_log.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <array>
#include <vector>

namespace bundle {

using std::chrono::seconds;
using std::chrono::system_clock;

constexpr system_clock::time_point kMoment{seconds{1'700'000'000}};

// A regular file without a name.
OwnedFd unnamed_file() { return OwnedFd(memfd_create("access log", MFD_CLOEXEC)); }

std::string contents(int fd) {
    std::string text(1 << 16, '\0');
    const ssize_t length = pread(fd, text.data(), text.size(), 0);
    text.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
    return text;
}

std::string line_of(const AccessRecord& record) {
    OwnedFd file = unnamed_file();
    const int fd = file.get();
    AccessLog log(std::move(file));
    log.append(record, kMoment);
    log.flush();
    return contents(fd);
}

AccessRecord ordinary_record() {
    return {.client = "192.0.2.7",
            .method = "GET",
            .target = "/a?b=c",
            .protocol = "HTTP/1.1",
            .status = 200,
            .body_bytes = 42,
            .referer = "https://example.com/",
            .user_agent = "curl/7.88.1"};
}

TEST(AccessLog, ARequestIsOneLineInTheCombinedFormat) {
    EXPECT_EQ(line_of(ordinary_record()),
              "192.0.2.7 - - [14/Nov/2023:22:13:20 +0000] \"GET /a?b=c HTTP/1.1\" 200 42 "
              "\"https://example.com/\" \"curl/7.88.1\"\n");
}

TEST(AccessLog, WhatIsUnknownIsADash) {
    EXPECT_EQ(line_of({.status = 400}),
              "- - - [14/Nov/2023:22:13:20 +0000] \"-\" 400 0 \"-\" \"-\"\n");
}

TEST(AccessLog, AClientCannotForgeALineOrAField) {
    AccessRecord record = ordinary_record();
    record.user = "eve [now] \"x\"";
    record.target = "/\"\n10.0.0.1 - - forged";
    record.user_agent = "a\" 200 \\ \x1b[2J\x7f\xc3\xa9\r\n";

    EXPECT_EQ(line_of(record),
              "192.0.2.7 - eve\\x20[now]\\x20\\x22x\\x22 [14/Nov/2023:22:13:20 +0000] "
              "\"GET /\\x22\\x0A10.0.0.1 - - forged HTTP/1.1\" 200 42 \"https://example.com/\" "
              "\"a\\x22 200 \\x5C \\x1B[2J\\x7F\\xC3\\xA9\\x0D\\x0A\"\n");
}

TEST(AccessLog, TheDateFollowsTheClock) {
    OwnedFd file = unnamed_file();
    const int fd = file.get();
    AccessLog log(std::move(file));

    log.append(ordinary_record(), kMoment);
    log.append(ordinary_record(), kMoment + seconds{86'400});
    log.flush();

    EXPECT_THAT(contents(fd), testing::HasSubstr("[15/Nov/2023:22:13:20 +0000]"));
}

TEST(AccessLog, NothingIsWrittenBeforeTheFlush) {
    OwnedFd file = unnamed_file();
    const int fd = file.get();
    AccessLog log(std::move(file));

    log.append(ordinary_record(), kMoment);

    EXPECT_EQ(contents(fd), "");
}

TEST(AccessLog, WithoutAFileNothingIsLoggedAndNothingLost) {
    AccessLog log{OwnedFd{}};

    log.append(ordinary_record(), kMoment);
    log.flush();

    EXPECT_EQ(log.lost(), 0U);
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

// Logs without anybody reading until lines are lost, reads everything, and logs one line more.
void expect_whole_lines(OwnedFd writing_end, const Reader& reader) {
    AccessLog log(std::move(writing_end));
    AccessRecord record = ordinary_record();
    const std::string long_target(1'777, 'a');
    record.target = long_target;

    std::uint64_t appended = 0;
    for (; log.lost() < 3; ++appended) {
        log.append(record, kMoment);
        log.flush();
    }
    std::string all = reader.read_all();
    log.append(record, kMoment);
    log.flush();
    all += reader.read_all();

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

TEST(AccessLog, ADiskThatIsFullCostsTheLinesAndNothingElse) {
    OwnedFd full(open("/dev/full", O_WRONLY | O_CLOEXEC));
    if (!full) GTEST_SKIP() << "no /dev/full here";
    AccessLog log(std::move(full));

    log.append(ordinary_record(), kMoment);
    log.append(ordinary_record(), kMoment);
    log.flush();

    EXPECT_EQ(log.lost(), 2U);
}

}  // namespace bundle
