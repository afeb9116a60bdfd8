// A parser that goes back to its pool, wherever it was, knows nothing of what it read before.
#include <gtest/gtest.h>

#include "frontend/http1/request_parser.hpp"
#include "tests/support/request_outcome.hpp"

namespace bundle::http1 {

namespace {

// Reads `before` as a head, then resets, then reads a whole request: its path.
std::string path_after(std::string_view before) {
    RequestParser parser(kTestLimits);
    RequestHead head;
    parser.read_head(before, head);
    parser.reset();

    std::string_view next = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";
    EXPECT_FALSE(parser.has_begun());
    EXPECT_EQ(parser.read_head(next, head), Progress::Done);
    EXPECT_EQ(head.fields.size(), 1U);
    return head.path;
}

}  // namespace

TEST(RequestParserReset, AfterARefusal) { EXPECT_EQ(path_after("nonsense\r\n\r\n"), "/next"); }

TEST(RequestParserReset, InTheMiddleOfAHead) {
    EXPECT_EQ(path_after("GET /left HTTP/1.1\r\nX: "), "/next");
}

TEST(RequestParserReset, InTheMiddleOfAChunkedBody) {
    EXPECT_EQ(path_after("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
              "/next");
}

TEST(RequestParserReset, AfterBlankLines) { EXPECT_EQ(path_after("\r\n\r"), "/next"); }

}  // namespace bundle::http1
