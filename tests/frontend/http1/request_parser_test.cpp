#include "frontend/http1/request_parser.hpp"

#include <gtest/gtest.h>

#include "tests/frontend/http1/request_cases.hpp"
#include "tests/support/request_outcome.hpp"

namespace bundle::http1 {

namespace {

class ParserVerdict : public testing::TestWithParam<RequestCase> {};

}  // namespace

TEST_P(ParserVerdict, IsTheSameWholeAndSplit) {
    const RequestCase& tried = GetParam();

    const auto whole = heard_in_parts(tried.bytes, tried.bytes.size() + 1);

    EXPECT_EQ(told(whole), tried.outcome) << testing::PrintToString(tried.bytes) << whole.reason;
    for (const std::size_t step : {1, 2, 7})
        EXPECT_EQ(heard_in_parts(tried.bytes, step), whole)
            << "in parts of " << step << ": " << testing::PrintToString(tried.bytes);
}

INSTANTIATE_TEST_SUITE_P(Table, ParserVerdict, testing::ValuesIn(request_cases()));

TEST(RequestParser, GivesAHeadThatIsReadyToUse) {
    RequestParser parser(kTestLimits);
    RequestHead head;
    std::string_view bytes =
        "POST /caf\xc3\xa9/%61?q=\xff%20 HTTP/1.1\r\nHOST: "
        "Shop.example:8000\r\nX-Mixed_CASE-Name~Z: V \t\r\n"
        "Content-Length: 12\r\nConnection: Keep-Alive, X\r\nExpect: 100-continue\r\n\r\nbody";

    ASSERT_EQ(parser.read_head(bytes, head), Progress::Done);

    EXPECT_EQ(bytes, "body");
    EXPECT_EQ(head.method, "POST");
    EXPECT_EQ(head.target, "/caf%C3%A9/%61?q=%FF%20");
    EXPECT_EQ(head.path, "/caf\xc3\xa9/a");
    EXPECT_EQ(head.query, "q=%FF%20");
    EXPECT_EQ(head.host, "Shop.example:8000");
    EXPECT_EQ(head.version, HttpVersion::Http11);
    EXPECT_EQ(head.content_length, 12U);
    EXPECT_FALSE(head.chunked);
    EXPECT_TRUE(head.keep_alive);
    EXPECT_TRUE(head.expects_continue);
    EXPECT_EQ(head.fields, (Headers{
                               {"host",                "Shop.example:8000"},
                               {"x-mixed_case-name~z", "V"                },
                               {"content-length",      "12"               },
                               {"connection",          "Keep-Alive, X"    },
                               {"expect",              "100-continue"     }
    }));
}

TEST(RequestParser, KnowsWhatTheClientAsksOfTheConnection) {
    struct {
        std::string_view version;
        std::string_view connection;
        bool keep_alive;
    } const rows[] = {
        {"1.1", "x",                true },
        {"1.1", "close",            false},
        {"1.1", "x, Close",         false},
        {"1.1", "keep-alive",       true },
        {"1.0", "x",                false},
        {"1.0", "keep-alive",       true },
        {"1.0", "Keep-Alive,",      true },
        {"1.0", "closed",           false},
        {"1.1", "keep-alive,close", false},
        {"1.1", "close1",           true },
        {"1.1", "\"close\"",        true },
    };
    for (const auto& row : rows) {
        RequestParser parser(kTestLimits);
        RequestHead head;
        const std::string text = "GET / HTTP/" + std::string(row.version) +
                                 "\r\nHost: a\r\nConnection: " + std::string(row.connection) +
                                 "\r\n\r\n";
        std::string_view bytes = text;

        ASSERT_EQ(parser.read_head(bytes, head), Progress::Done) << text;

        EXPECT_EQ(head.keep_alive, row.keep_alive) << text;
    }
}

TEST(RequestParser, PiecesOfABodyPointIntoTheInput) {
    RequestParser parser(kTestLimits);
    RequestHead head;
    std::string_view bytes = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    ASSERT_EQ(parser.read_head(bytes, head), Progress::Done);
    const std::string_view input = "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\nGET";
    std::vector<std::string_view> pieces;

    bytes = input;
    ASSERT_EQ(parser.read_body(bytes, pieces), Progress::Done);

    EXPECT_EQ(bytes, "GET");
    EXPECT_EQ(pieces, (std::vector<std::string_view>{"abc", "de"}));
    EXPECT_EQ(pieces[0].data(), input.data() + 3);
}

TEST(RequestParser, ARefusalIsForEver) {
    RequestParser parser(kTestLimits);
    RequestHead head;
    std::vector<std::string_view> pieces;
    std::string_view bytes = "GET /\r\n";
    ASSERT_EQ(parser.read_head(bytes, head), Progress::Refused);
    bytes = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    EXPECT_EQ(parser.read_head(bytes, head), Progress::Refused);
    EXPECT_EQ(parser.read_body(bytes, pieces), Progress::Refused);

    EXPECT_EQ(bytes.size(), 27U);
    EXPECT_EQ(parser.refusal().status, 400);
    EXPECT_EQ(parser.refusal().reason, "request line without a version of HTTP");
}

TEST(RequestParser, BlankLinesAreNotTheBeginningOfARequest) {
    RequestParser parser(kTestLimits);
    RequestHead head;
    std::string_view bytes = "\r\n";

    EXPECT_EQ(parser.read_head(bytes, head), Progress::NeedMore);
    EXPECT_FALSE(parser.has_begun());
    bytes = "G";
    EXPECT_EQ(parser.read_head(bytes, head), Progress::NeedMore);
    EXPECT_TRUE(parser.has_begun());
}

TEST(RequestParser, AHeadThatMovesWhileItGrowsIsTheSameHead) {
    RequestParser parser(kTestLimits);
    RequestHead head;
    std::string_view line = "GET http://a/b?c HTTP/1.1\r\n";
    ASSERT_EQ(parser.read_head(line, head), Progress::NeedMore);
    const std::string rest = "Host: a\r\nX: " + std::string(8000, 'x') + "\r\n\r\n";

    std::string_view bytes = rest;
    ASSERT_EQ(parser.read_head(bytes, head), Progress::Done);

    EXPECT_EQ(head.method, "GET");
    EXPECT_EQ(head.target, "http://a/b?c");
    EXPECT_EQ(head.query, "c");
    EXPECT_EQ(head.host, "a");
    EXPECT_GE(head.method.data(), head.bytes.data());
    EXPECT_LT(head.method.data(), head.bytes.data() + head.bytes.size());
}

}  // namespace bundle::http1
