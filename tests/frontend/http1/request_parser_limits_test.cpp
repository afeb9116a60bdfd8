// Each limit: what just fits is taken, one byte more is refused, as early as the bytes allow.
#include <gtest/gtest.h>

#include "frontend/http1/request_parser.hpp"
#include "tests/support/request_outcome.hpp"

namespace bundle::http1 {

namespace {

constexpr HeadLimits kTight{
    .max_request_line = {40}, .max_headers = 3, .max_header_size = {30}, .max_head_size = {100}};

// A first line of `size` bytes.
std::string request_line(std::size_t size) {
    return "GET /" + std::string(size - 14, 'x') + " HTTP/1.1\r\n";
}

std::string outcome(const std::string& bytes, const HeadLimits& limits = kTight) {
    const auto whole = heard_in_parts(bytes, bytes.size(), limits);
    for (const std::size_t step : {1, 3, 16})
        EXPECT_EQ(heard_in_parts(bytes, step, limits), whole) << testing::PrintToString(bytes);
    return told(whole);
}

std::string chunked(std::string_view body) {
    return std::string("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        .append(body);
}

}  // namespace

TEST(RequestParserLimits, TheRequestLine) {
    EXPECT_EQ(outcome(request_line(40) + "Host: a\r\n\r\n"), "GET /" + std::string(26, 'x'));
    EXPECT_EQ(outcome(request_line(41) + "Host: a\r\n\r\n"), "414");
    EXPECT_EQ(outcome(std::string(41, 'A')), "...");
    EXPECT_EQ(outcome(std::string(42, 'A')), "414");
    EXPECT_EQ(outcome(std::string(100'000, 'A')), "414");
}

TEST(RequestParserLimits, AFieldLine) {
    EXPECT_EQ(outcome("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(27, 'x') + "\r\n\r\n"),
              "GET /");
    EXPECT_EQ(outcome("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(28, 'x') + "\r\n\r\n"),
              "431");
    EXPECT_EQ(outcome("GET / HTTP/1.1\r\nHost: a\r\n" + std::string(31, 'x')), "...");
    EXPECT_EQ(outcome("GET / HTTP/1.1\r\nHost: a\r\n" + std::string(32, 'x')), "431");
}

TEST(RequestParserLimits, TheNumberOfFields) {
    EXPECT_EQ(outcome("GET / HTTP/1.1\r\nHost: a\r\nA:\r\nB:\r\n\r\n"), "GET /");
    EXPECT_EQ(outcome("GET / HTTP/1.1\r\nHost: a\r\nA:\r\nB:\r\nC:\r\n\r\n"), "431");
    EXPECT_EQ(outcome("GET / HTTP/1.1\r\nHost: a\r\nA:\r\nB:\r\nC:\r\n"), "431");
}

TEST(RequestParserLimits, TheWholeHead) {
    const std::string head =
        "GET / HTTP/1.1\r\nHost: aaa.example\r\nX: " + std::string(27, 'x') + "\r\nY: ";
    const std::size_t left = 100 - head.size() - 4;

    EXPECT_EQ(outcome(head + std::string(left, 'y') + "\r\n\r\n"), "GET /");
    EXPECT_EQ(outcome(head + std::string(left + 1, 'y') + "\r\n\r\n"), "431");
    EXPECT_EQ(outcome(head + std::string(left + 1, 'y') + "\r\n\r"), "431");
}

TEST(RequestParserLimits, ASmallHeadLimitIsThereBeforeTheLineLimits) {
    constexpr HeadLimits kSmallHead{.max_request_line = 8_KiB,
                                    .max_headers = 3,
                                    .max_header_size = 8_KiB,
                                    .max_head_size = {50}};

    EXPECT_EQ(outcome(request_line(60) + "Host: a\r\n\r\n", kSmallHead), "431");
}

TEST(RequestParserLimits, ARequestLineIsJudgedBeforeTheRestComes) {
    EXPECT_EQ(outcome("GET / HTTP/2.0\r\n"), "505");
    EXPECT_EQ(outcome("GET /%zz HTTP/1.1\r\n"), "400");
    EXPECT_EQ(outcome("TRACE / HTTP/1.1\r\nX"), "405");
    EXPECT_EQ(outcome("BREW / HTTP/1.1\r\nbad\n"), "501");
}

TEST(RequestParserLimits, RawBytesOfATargetCountOnce) {
    EXPECT_EQ(outcome("GET /" + std::string(26, '\xff') + " HTTP/1.1\r\nHost: a\r\n\r\n"),
              "GET /" + std::string(26, '\xff'));
}

TEST(RequestParserLimits, OptionsOfConnection) {
    const auto with_options = [](std::size_t count) {
        std::string value = "a";
        for (std::size_t i = 1; i < count; ++i) value += ",a";
        return "GET / HTTP/1.1\r\nHost: a\r\nConnection: " + value + "\r\n\r\n";
    };

    EXPECT_EQ(outcome(with_options(32), kTestLimits), "GET /");
    EXPECT_EQ(outcome(with_options(33), kTestLimits), "400");
}

TEST(RequestParserLimits, AChunkLine) {
    // With the line ends of chunk and line 4096 bytes may pass without data.
    const auto extension = [](std::size_t size) { return std::string(size, 'e'); };

    EXPECT_EQ(outcome(chunked("1;" + extension(4092) + "\r\na\r\n0\r\n\r\n"), kTestLimits),
              "POST /(a)");
    EXPECT_EQ(outcome(chunked("1;" + extension(4093) + "\r\na\r\n0\r\n\r\n"), kTestLimits), "400");
    EXPECT_EQ(outcome(chunked("1;" + extension(5000)), kTestLimits), "400");
    EXPECT_EQ(outcome(chunked("0;" + extension(5000)), kTestLimits), "400");
    EXPECT_EQ(outcome(chunked("1\r\na\r\n0;" + extension(4089) + "\r\n\r\n"), kTestLimits),
              "POST /(a)");
    EXPECT_EQ(outcome(chunked("1\r\na\r\n0;" + extension(4091) + "\r\n\r\n"), kTestLimits), "400");
    EXPECT_EQ(outcome(chunked(std::string(4097, '0')), kTestLimits), "400");
}

TEST(RequestParserLimits, TheTrailerSection) {
    const auto trailers = [](std::size_t size) {  // a section of `size` bytes in lines of 64
        std::string section;
        while (section.size() + 64 + 2 <= size) section += "X: " + std::string(59, 'x') + "\r\n";
        section += "Y: " + std::string(size - section.size() - 7, 'y') + "\r\n\r\n";
        return section;
    };
    // 8192 = 100 lines at most, so lines are longer than 64 bytes there.
    EXPECT_EQ(outcome(chunked("0\r\n" + trailers(6000)), kTestLimits), "POST /");
    EXPECT_EQ(outcome(chunked("0\r\n" + trailers(6600)), kTestLimits), "431");
    EXPECT_EQ(outcome(chunked("0\r\nX: " + std::string(8192 - 7, 'x') + "\r\n\r\n"), kTestLimits),
              "POST /");
    EXPECT_EQ(outcome(chunked("0\r\nX: " + std::string(8192 - 6, 'x') + "\r\n\r\n"), kTestLimits),
              "431");
    EXPECT_EQ(outcome(chunked("0\r\nX: " + std::string(100'000, 'x')), kTestLimits), "431");
}

}  // namespace bundle::http1
