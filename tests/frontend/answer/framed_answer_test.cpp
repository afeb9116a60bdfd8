#include "frontend/answer/framed_answer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/frontend/answer/temp_space.hpp"

namespace bundle {

namespace {

const AnswerLimits kLimits = {.memory = 256_KiB, .disk = 1_MiB, .space = &temp()};

const AnswerContext kGet11 = {.version = HttpVersion::Http11,
                              .head_only = false,
                              .keep_alive = true,
                              .date = "Fri, 20 Nov 2026 12:00:00 GMT",
                              .server_header = ServerHeader::Off,
                              .request_id = {}};

AnswerContext http10() {
    AnswerContext context = kGet11;
    context.version = HttpVersion::Http10;
    return context;
}

AnswerContext head_request() {
    AnswerContext context = kGet11;
    context.head_only = true;
    return context;
}

struct Sent {
    std::string bytes;
    AnswerEnd end = AnswerEnd::Complete;
    bool keep_alive = false;
    bool cut = false;
};

Sent sent(std::uint16_t status, const Headers& fields, const std::vector<std::string_view>& body,
          const AnswerContext& context = kGet11) {
    FramedAnswer answer;
    std::string scratch;
    answer.set_limits(kLimits);
    EXPECT_TRUE(answer.begin(status, "", fields, context, scratch));
    for (const std::string_view bytes : body) {
        const auto piece = answer.open_piece(bytes);
        answer.append(piece);
        if (!piece.empty()) answer.close_piece();
    }
    Sent result;
    result.end = answer.end();
    result.keep_alive = answer.keep_alive();
    result.cut = answer.cut();
    result.bytes = answer.buffer().take(1 << 20).value();
    return result;
}

bool has(const Sent& answer, std::string_view text) {
    return answer.bytes.find(text) != std::string::npos;
}

}  // namespace

TEST(FramedAnswer, WithALengthTheBodyFollowsAsItIs) {
    const Sent answer = sent(200,
                             {
                                 {"Content-Length", "5"}
    },
                             {"he", "llo"});
    EXPECT_EQ(
        answer.bytes,
        "HTTP/1.1 200 OK\r\nDate: Fri, 20 Nov 2026 12:00:00 GMT\r\nContent-Length: 5\r\n\r\nhello");
    EXPECT_EQ(answer.end, AnswerEnd::Complete);
    EXPECT_TRUE(answer.keep_alive);
}

TEST(FramedAnswer, WithoutALengthItIsChunked) {
    const Sent answer = sent(200, {}, {"hello", "", "0123456789abcdef"});
    EXPECT_TRUE(has(answer, "Transfer-Encoding: chunked\r\n"));
    EXPECT_TRUE(has(answer, "\r\n\r\n5\r\nhello\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n"));
}

TEST(FramedAnswer, AnHttp10ClientReadsUntilTheConnectionCloses) {
    const Sent answer = sent(200, {}, {"hello"}, http10());
    EXPECT_FALSE(answer.keep_alive);
    EXPECT_FALSE(has(answer, "chunked"));
    EXPECT_TRUE(has(answer, "Connection: close\r\n"));
    EXPECT_TRUE(answer.bytes.ends_with("\r\n\r\nhello"));
}

TEST(FramedAnswer, AnHttp10ClientThatAskedForItKeepsItsConnection) {
    const Sent answer = sent(200,
                             {
                                 {"Content-Length", "2"}
    },
                             {"ok"}, http10());
    EXPECT_TRUE(answer.keep_alive);
    EXPECT_TRUE(has(answer, "Connection: keep-alive\r\n"));
}

TEST(FramedAnswer, WhatIsMoreThanTheLengthIsCut) {
    const Sent answer = sent(200,
                             {
                                 {"Content-Length", "3"}
    },
                             {"hello", "world"});
    EXPECT_TRUE(answer.bytes.ends_with("\r\n\r\nhel"));
    EXPECT_TRUE(answer.cut);
    EXPECT_EQ(answer.end, AnswerEnd::Complete);
}

TEST(FramedAnswer, WhatIsLessThanTheLengthIsNotComplete) {
    EXPECT_EQ(sent(200,
                   {
                       {"Content-Length", "9"}
    },
                   {"hello"})
                  .end,
              AnswerEnd::Short);
}

TEST(FramedAnswer, HeadSaysWhatGetWouldHaveHadAndSendsNoBody) {
    const Sent answer = sent(200,
                             {
                                 {"Content-Length", "5"}
    },
                             {"hello"}, head_request());
    EXPECT_TRUE(has(answer, "Content-Length: 5\r\n"));
    EXPECT_TRUE(answer.bytes.ends_with("\r\n\r\n"));
    EXPECT_EQ(answer.end, AnswerEnd::Complete);
}

TEST(FramedAnswer, NoBodyAndNoLengthWith204) {
    const Sent answer = sent(204,
                             {
                                 {"Content-Length", "5"}
    },
                             {"hello"});
    EXPECT_FALSE(has(answer, "Content-Length"));
    EXPECT_TRUE(answer.bytes.ends_with("\r\n\r\n"));
}

TEST(FramedAnswer, NoBodyWith304) {
    const Sent answer = sent(304,
                             {
                                 {"ETag", "\"x\""}
    },
                             {"hello"});
    EXPECT_FALSE(has(answer, "chunked"));
    EXPECT_TRUE(
        answer.bytes.ends_with("ETag: \"x\"\r\nDate: Fri, 20 Nov 2026 12:00:00 GMT\r\n\r\n"));
}

TEST(FramedAnswer, HopByHopFieldsOfTheApplicationAreLeftOut) {
    const Headers fields = {
        {"Connection",        "close"    },
        {"Keep-Alive",        "timeout=5"},
        {"Transfer-Encoding", "gzip"     },
        {"Upgrade",           "h2c"      },
        {"Content-Length",    "0"        },
        {"X-Own",             "kept"     }
    };
    const Sent answer = sent(200, fields, {});
    EXPECT_EQ(answer.bytes,
              "HTTP/1.1 200 OK\r\nX-Own: kept\r\nDate: Fri, 20 Nov 2026 12:00:00 GMT\r\n"
              "Content-Length: 0\r\n\r\n");
    EXPECT_TRUE(answer.keep_alive);
}

TEST(FramedAnswer, TheApplicationsDateServerAndRequestIdStand) {
    AnswerContext context = kGet11;
    context.server_header = ServerHeader::Name;
    context.request_id = "OURS";
    const Headers own = {
        {"date",           "D"},
        {"server",         "S"},
        {"x-request-id",   "R"},
        {"content-length", "0"}
    };
    EXPECT_EQ(
        sent(200, own, {}, context).bytes,
        "HTTP/1.1 200 OK\r\ndate: D\r\nserver: S\r\nx-request-id: R\r\nContent-Length: 0\r\n\r\n");
    EXPECT_TRUE(has(sent(200, {}, {}, context), "Server: bundle\r\nX-Request-ID: OURS\r\n"));
}

TEST(FramedAnswer, ALengthThatIsNoNumberIsRefused) {
    for (const std::string_view bad :
         {"", "-1", "+5", "5 ", "0x5", "99999999999999999999", "5,5"}) {
        FramedAnswer answer;
        std::string scratch;
        answer.set_limits(kLimits);
        EXPECT_FALSE(answer.begin(200, "",
                                  Headers{
                                      {"Content-Length", bad}
        },
                                  kGet11, scratch))
            << bad;
        EXPECT_TRUE(answer.buffer().empty());
    }
    FramedAnswer answer;
    std::string scratch;
    const Headers two = {
        {"Content-Length", "5"},
        {"content-length", "6"}
    };
    EXPECT_FALSE(answer.begin(200, "", two, kGet11, scratch));
}

TEST(FramedAnswer, AFieldThatWouldEndTheHeadIsRefused) {
    const std::string_view nul("a\0b", 3);
    const std::vector<HeaderField> bad = {
        {"X-A",        "b\r\nX-C: d"},
        {"X-A\r\nX-C", "d"          },
        {"X-A",        "b\nc"       },
        {"X-A",        nul          },
        {"",           "b"          },
    };
    for (const HeaderField& field : bad) {
        FramedAnswer answer;
        std::string scratch;
        answer.set_limits(kLimits);
        EXPECT_FALSE(answer.begin(200, "", Headers{field}, kGet11, scratch));
        EXPECT_TRUE(answer.buffer().empty());
    }
    FramedAnswer answer;
    std::string scratch;
    answer.set_limits(kLimits);
    EXPECT_FALSE(answer.begin(200, "OK\r\nX: y", {}, kGet11, scratch));
}

TEST(FramedAnswer, AControlByteAnywhereIsRefusedAndATabIsNot) {
    const auto is_written = [](const std::string& value) {
        FramedAnswer answer;
        std::string scratch;
        answer.set_limits(kLimits);
        return answer.begin(200, "",
                            Headers{
                                {"X-A", value}
        },
                            kGet11, scratch);
    };
    for (const char others : {'\t', '\x80', '~'}) {
        for (std::size_t at = 0; at < 20; ++at) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string value(20, others);
                value[at] = static_cast<char>(byte);
                const bool is_control = (byte < 0x20 && byte != '\t') || byte == 0x7f;
                EXPECT_NE(is_written(value), is_control) << byte << " at " << at;
                EXPECT_NE(is_written(value.substr(0, at + 1)), is_control)
                    << byte << " behind " << at;
            }
        }
    }
}

TEST(FramedAnswer, AStatusThatNobodyRegisteredHasAnEmptyPhrase) {
    EXPECT_TRUE(sent(299, {}, {}).bytes.starts_with("HTTP/1.1 299 \r\n"));
}

TEST(FramedAnswer, A205SaysThatItHasNoContent) {
    for (const Headers& fields : {Headers{}, Headers{{"Content-Length", "4"}}}) {
        const Sent answer = sent(205, fields, {"body"});

        EXPECT_TRUE(answer.bytes.ends_with("\r\nContent-Length: 0\r\n\r\n")) << answer.bytes;
        EXPECT_EQ(answer.end, AnswerEnd::Complete);
        EXPECT_TRUE(answer.keep_alive);
    }
}

TEST(FramedAnswer, TellsHowManyBytesOfItsBodyAreInWhatWasSent) {
    FramedAnswer answer;
    std::string scratch;
    answer.set_limits(kLimits);
    answer.begin(200, "",
                 Headers{
                     {"Content-Length", "5"}
    },
                 kGet11, scratch);
    const std::uint64_t head = scratch.size();
    answer.append(answer.open_piece("hello"));

    EXPECT_EQ(answer.body_bytes_in(0), 0U);
    EXPECT_EQ(answer.body_bytes_in(head), 0U);
    EXPECT_EQ(answer.body_bytes_in(head + 3), 3U);
    EXPECT_EQ(answer.body_bytes_in(head + 5), 5U);
}

}  // namespace bundle
