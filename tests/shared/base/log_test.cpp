#include "shared/base/log.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

#include "shared/base/owned_fd.hpp"

namespace bundle {

namespace {

struct LogPipe {
    LogPipe() {
        std::array<int, 2> ends{};
        EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
        fcntl(ends[0], F_SETFL, O_NONBLOCK);
        read = OwnedFd(ends[0]);
        write = OwnedFd(ends[1]);
    }
    ~LogPipe() { set_log_target({}); }
    LogPipe(const LogPipe&) = delete;
    LogPipe& operator=(const LogPipe&) = delete;

    std::string take() const {
        std::string all;
        std::array<char, 4096> piece{};
        for (ssize_t got = 0; (got = ::read(read.get(), piece.data(), piece.size())) > 0;)
            all.append(piece.data(), static_cast<std::size_t>(got));
        return all;
    }

    OwnedFd read;
    OwnedFd write;
};

}  // namespace

TEST(Log, AClientCannotForgeALine) {
    EXPECT_EQ(log_quoted("a\nb \"c\" \\ \x7f\xff"), R"("a\x0ab \"c\" \\ \x7f\xff")");
}

TEST(Log, ALineMayBeJson) {
    const LogPipe pipe;
    set_log_target({.process = "front", .fd = pipe.write.get(), .as_json = true});

    log_line_of("shop worker 3", 4711, LogLevel::Warn, "slow\n  \"here\" request_id=FORGED", "01J");

    const std::string line = pipe.take();
    EXPECT_EQ(
        line.substr(line.find("\"level\"")),
        "\"level\":\"warn\",\"process\":\"shop worker 3\",\"pid\":4711,\"request_id\":\"01J\","
        "\"message\":\"slow\\u000a  \\u0022here\\u0022 request_id=FORGED\"}\n");
}

TEST(Log, AReaderThatStallsCostsLinesAndIsToldOfThemOnce) {
    const LogPipe pipe;
    set_log_target({.process = "front",
                    .fd = pipe.write.get(),
                    .patience = std::chrono::milliseconds::zero()});
    const std::uint64_t before = lost_log_lines();

    for (int i = 0; i < 1000; ++i) log_info("{:0>200}", i);
    pipe.take();
    log_info("goes on");
    log_info("and on");

    const std::uint64_t lost = lost_log_lines() - before;
    EXPECT_GT(lost, 100U);
    const std::string after = pipe.take();
    const std::string told = fmt::format("the error log took no more: {} lines are lost\n", lost);
    EXPECT_NE(after.find(told), std::string::npos) << after;
    EXPECT_EQ(std::count(after.begin(), after.end(), '\n'), 3);
}

TEST(Log, AMessageThatLooksAsIfItHadARequestHasNone) {
    const LogPipe pipe;
    set_log_target({.process = "front", .fd = pipe.write.get(), .as_json = true});

    log_info("refused begins={}", log_quoted("GET /?request_id=VICTIM"));
    log_info("refused begins={} {}", log_quoted("GET /?request_id=VICTIM"), OfRequest{"01J"});

    const std::string lines = pipe.take();
    EXPECT_NE(lines.find("\"request_id\":null,\"message\":\"refused"), std::string::npos) << lines;
    EXPECT_NE(lines.find("\"request_id\":\"01J\",\"message\":\"refused"), std::string::npos)
        << lines;
    EXPECT_NE(lines.find("VICTIM\\u0022 request_id=01J\""), std::string::npos) << lines;
}

TEST(Log, AnIdThatCouldBeTakenForMoreIsQuoted) {
    EXPECT_EQ(text_of(OfRequest{"01J"}), "request_id=01J");
    EXPECT_EQ(text_of(OfRequest{"a b\n"}), "request_id=\"a b\\x0a\"");
}

}  // namespace bundle
