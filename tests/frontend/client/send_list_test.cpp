#include "frontend/client/send_list.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace bundle {

namespace {

struct Sender final : SendsSoon {
    void send_now() override {
        ++sent;
        if (also) also();
    }
    int sent = 0;
    std::function<void()> also;
};

}  // namespace

TEST(SendList, EveryoneSendsOnce) {
    SendList list;
    Sender one;
    Sender other;
    list.add(one);
    list.add(other);

    EXPECT_TRUE(list.run());
    EXPECT_FALSE(list.run());
    EXPECT_EQ(one.sent, 1);
    EXPECT_EQ(other.sent, 1);
}

TEST(SendList, WhoGoesWhileTheOthersSendIsNotCalled) {
    SendList list;
    Sender one;
    Sender other;
    one.also = [&] { list.forget(other); };
    list.add(one);
    list.add(other);
    list.run();

    EXPECT_EQ(other.sent, 0);
}

TEST(SendList, WhoComesWhileTheOthersSendIsCalledInThisTurn) {
    SendList list;
    Sender one;
    Sender other;
    one.also = [&] { list.add(other); };
    list.add(one);
    list.run();

    EXPECT_EQ(other.sent, 1);
}

}  // namespace bundle
