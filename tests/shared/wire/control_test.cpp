#include "shared/wire/control.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "shared/base/owned_fd.hpp"

namespace bundle::wire {

namespace {

using namespace std::string_view_literals;

struct ControlPair {
    OwnedFd master;
    OwnedFd child;
};

ControlPair control_pair() {
    std::array<int, 2> ends{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()), 0);
    return {OwnedFd(ends[0]), OwnedFd(ends[1])};
}

struct ControlSample {
    ControlMessage message;
    std::string_view bytes;
};

// One piece of a literal is one value; the formatter would give each a line of its own.
// clang-format off
const std::array kControlSamples = {
    ControlSample{{ControlType::Ready, 0, "", ""}, "\x01" "\0\0\0\0" "\0\0\0\0" "\0\0\0\0" "\0\0\0\0"sv},
    ControlSample{{ControlType::WorkersReady, 2, "shop", "", 7},
                  "\x02" "\x07\0\0\0" "\x02\0\0\0" "\x04\0\0\0" "shop" "\0\0\0\0"sv},
    ControlSample{{ControlType::Failed, 3, "a", "no"},
                  "\x03" "\0\0\0\0" "\x03\0\0\0" "\x01\0\0\0" "a" "\x02\0\0\0" "no"sv},
};
// clang-format on

}  // namespace

TEST(Control, MessagesAndTheirBytes) {
    for (const ControlSample& sample : kControlSamples) {
        EXPECT_EQ(encode_control(sample.message), sample.bytes);
        EXPECT_EQ(decode_control(sample.bytes), sample.message);
    }
}

TEST(Control, ADatagramCutAnywhereOrTooLongIsAnError) {
    for (const ControlSample& sample : kControlSamples) {
        for (std::size_t size = 0; size < sample.bytes.size(); ++size)
            EXPECT_FALSE(decode_control(sample.bytes.substr(0, size)));
        EXPECT_FALSE(decode_control(std::string(sample.bytes) + '\0'));
    }
}

TEST(Control, AnUnknownTypeIsAnError) {
    std::string bytes(kControlSamples[0].bytes);
    bytes[0] = 99;
    EXPECT_FALSE(decode_control(bytes));
}

TEST(Control, MessagesArriveOneByOneAndThenTheEnd) {
    ControlPair pair = control_pair();
    const ControlMessage workers{ControlType::WorkersReady, 4, "shop", ""};
    const ControlMessage failed{ControlType::Failed, 3, "shop", "ModuleNotFoundError: shop"};

    ASSERT_TRUE(send_control(pair.child.get(), workers));
    ASSERT_TRUE(send_control(pair.child.get(), failed));
    pair.child = OwnedFd();

    EXPECT_EQ(receive_control(pair.master.get()), workers);
    EXPECT_EQ(receive_control(pair.master.get()), failed);
    EXPECT_EQ(receive_control(pair.master.get()), std::nullopt);
}

TEST(Control, WhatAChildSaidLastIsHeardThoughItLeftWithoutListening) {
    ControlPair pair = control_pair();
    const ControlMessage failed{ControlType::Failed, 3, "shop", "no database"};

    ASSERT_TRUE(send_control(pair.master.get(), {ControlType::Drain, 0, "", ""}));
    ASSERT_TRUE(send_control(pair.child.get(), failed));
    pair.child = OwnedFd();

    EXPECT_EQ(receive_control(pair.master.get()), failed);
    EXPECT_EQ(receive_control(pair.master.get()), std::nullopt);
}

TEST(Control, ALongTextIsCutAtItsFront) {
    const ControlPair pair = control_pair();
    const std::string traceback = std::string(kMaxControlText, 'x') + "ImportError: shop";

    ASSERT_TRUE(send_control(pair.child.get(), {ControlType::Failed, 3, "shop", traceback}));

    const auto received = receive_control(pair.master.get());
    ASSERT_TRUE(received && *received);
    EXPECT_EQ((*received)->text.size(), kMaxControlText);
    EXPECT_TRUE((*received)->text.ends_with("ImportError: shop"));
}

TEST(Control, AMalformedMessageDoesNotHideTheNext) {
    const ControlPair pair = control_pair();
    const ControlMessage drain{ControlType::Drain, 0, "", ""};
    ASSERT_EQ(send(pair.master.get(), "garbage", 7, 0), 7);
    const std::string large(kMaxControlText + 8192, 'x');
    ASSERT_EQ(send(pair.master.get(), large.data(), large.size(), 0),
              static_cast<ssize_t>(large.size()));
    ASSERT_TRUE(send_control(pair.master.get(), drain));

    EXPECT_FALSE(receive_control(pair.child.get()));
    EXPECT_FALSE(receive_control(pair.child.get()));
    EXPECT_EQ(receive_control(pair.child.get()), drain);
}

TEST(Control, DescriptorsTravelWithAMessageAndAreNotKeptByWhoDoesNotAsk) {
    const ControlPair pair = control_pair();
    const ControlMessage prepare{ControlType::Prepare, 0, "", "", 2};
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe(ends.data()), 0);
    const OwnedFd from(ends[0]);
    OwnedFd to(ends[1]);
    ASSERT_TRUE(send_control(pair.master.get(), prepare, std::array{to.get(), to.get()}));
    ASSERT_TRUE(send_control(pair.master.get(), prepare, std::array{to.get()}));
    to = OwnedFd();

    std::vector<OwnedFd> received;
    EXPECT_EQ(receive_control(pair.child.get(), received), prepare);
    ASSERT_EQ(received.size(), 2U);
    EXPECT_EQ(write(received[1].get(), "x", 1), 1);
    EXPECT_EQ(receive_control(pair.child.get()), prepare);
    received.clear();

    char byte = 0;
    EXPECT_EQ(read(from.get(), &byte, 1), 1);
    EXPECT_EQ(read(from.get(), &byte, 1), 0) << "somebody holds the other end";
}

TEST(Control, SendingToAGoneChildIsAnErrorAndNoSignal) {
    ControlPair pair = control_pair();
    pair.child = OwnedFd();

    EXPECT_FALSE(send_control(pair.master.get(), {ControlType::Drain, 0, "", ""}));
}

}  // namespace bundle::wire
