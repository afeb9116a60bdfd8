#include "shared/wire/command.hpp"

#include <gtest/gtest.h>

#include <array>

namespace bundle::wire {

namespace {

using namespace std::string_view_literals;

struct RequestSample {
    CommandRequest request;
    std::string_view bytes;
};

struct ReplySample {
    CommandReply reply;
    std::string_view bytes;
};

// One piece of a literal is one value; the formatter would give each a line of its own.
// clang-format off
const std::array kRequests = {
    RequestSample{{Command::Stop, 0, ""}, "\x01" "\0\0\0\0" "\0\0\0\0"sv},
    RequestSample{{Command::Reload, 0, ""}, "\x02" "\0\0\0\0" "\0\0\0\0"sv},
    RequestSample{{Command::Maintenance, 1, ""}, "\x05" "\x01\0\0\0" "\0\0\0\0"sv},
    RequestSample{{Command::Status, 1, ""}, "\x06" "\x01\0\0\0" "\0\0\0\0"sv},
    RequestSample{{Command::Stack, 1, ""}, "\x07" "\x01\0\0\0" "\0\0\0\0"sv},
    RequestSample{{Command::Scale, 4, "shop"}, "\x03" "\x04\0\0\0" "\x04\0\0\0" "shop"sv},
    RequestSample{{Command::Upgrade, 0, ""}, "\x04" "\0\0\0\0" "\0\0\0\0"sv},
};
const std::array kReplies = {
    ReplySample{{ReplyKind::Progress, 0, "draining"}, "\x01" "\0" "\x08\0\0\0" "draining"sv},
    ReplySample{{ReplyKind::Last, 2, ""}, "\x02" "\x02" "\0\0\0\0"sv},
};
// clang-format on

}  // namespace

TEST(Command, RequestsAndTheirBytes) {
    for (const RequestSample& sample : kRequests) {
        EXPECT_EQ(encode_command(sample.request), sample.bytes);
        EXPECT_EQ(decode_command(sample.bytes), sample.request);
    }
}

TEST(Command, RepliesAndTheirBytes) {
    for (const ReplySample& sample : kReplies) {
        EXPECT_EQ(encode_reply(sample.reply), sample.bytes);
        EXPECT_EQ(decode_reply(sample.bytes), sample.reply);
    }
}

TEST(Command, ADatagramCutAnywhereOrTooLongIsAnError) {
    const auto check = [](std::string_view bytes, const auto& decode) {
        for (std::size_t size = 0; size < bytes.size(); ++size)
            EXPECT_FALSE(decode(bytes.substr(0, size)));
        EXPECT_FALSE(decode(std::string(bytes) + '\0'));
    };
    for (const RequestSample& sample : kRequests) check(sample.bytes, decode_command);
    for (const ReplySample& sample : kReplies) check(sample.bytes, decode_reply);
}

TEST(Command, AnUnknownCommandIsAnError) {
    for (const char unknown : {'\0', '\x63'}) {
        std::string bytes(kRequests[0].bytes);
        bytes[0] = unknown;
        EXPECT_FALSE(decode_command(bytes));
    }
}

TEST(Command, ARequestIsShort) {
    const std::string bytes =
        encode_command({Command::Stop, 0, std::string(kMaxCommandRequest, 'a')});

    EXPECT_FALSE(decode_command(bytes));
}

TEST(Command, OfALongTextTheEndArrives) {
    const std::string text = std::string(kMaxReplyText, '.') + "KeyError: 'price'";

    const auto reply = decode_reply(encode_reply({ReplyKind::Last, 1, text}));

    ASSERT_TRUE(reply) << reply.error().message;
    EXPECT_EQ(reply->text.size(), kMaxReplyText);
    EXPECT_TRUE(reply->text.ends_with("KeyError: 'price'"));
}

}  // namespace bundle::wire
