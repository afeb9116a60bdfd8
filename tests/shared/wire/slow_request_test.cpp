#include "shared/wire/slow_request.hpp"

#include <gtest/gtest.h>

namespace bundle::wire {

TEST(SlowRequestMessage, ItComesAsItWasSaid) {
    const SlowRequest said = {"01JD", "GET /report",
                              "File \"a.py\", line 1\nFile \"b.py\", line 2"};

    EXPECT_EQ(decode_slow_request(encode_slow_request(said)), said);
}

TEST(SlowRequestMessage, ALongStackIsCutAtItsOuterEnd) {
    const std::string stack = std::string(3 * kMostOfStack, 'x') + "here";

    const std::string text = encode_slow_request({"id", "GET /", stack});

    const SlowRequest request = decode_slow_request(text);
    EXPECT_EQ(request.stack.size(), kMostOfStack);
    EXPECT_TRUE(request.stack.ends_with("here"));
}

TEST(SlowRequestMessage, AnyTextIsRead) {
    EXPECT_EQ(decode_slow_request(""), SlowRequest{});
    EXPECT_EQ(decode_slow_request("id"), (SlowRequest{"id", "", ""}));
    EXPECT_EQ(decode_slow_request(encode_slow_request({"a\nb", "c\nd", "e"})),
              (SlowRequest{"a", "c", "e"}));
}

}  // namespace bundle::wire
