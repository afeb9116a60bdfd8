#include "backend/stacks_text.hpp"

#include <gtest/gtest.h>

namespace bundle {
namespace {

constexpr std::string_view kDump =
    "Current thread 0x00000000000000ab (most recent call first):\n"
    "  File \"/srv/shop/cart.py\", line 7 in total\n"
    "  File \"/srv/shop/wsgi.py\", line 3 in app\n"
    "\n"
    "Thread 0x00000000000000cd [metrics] (most recent call first):\n"
    "  File \"/usr/lib/python3/threading.py\", line 327 in wait\n";

TEST(StacksText, EndsWhereTheRequestStands) {
    EXPECT_EQ(stacks_text(kDump, 0xab),
              "a thread [metrics]:\n"
              "  File \"/usr/lib/python3/threading.py\", line 327 in wait\n"
              "the request's thread:\n"
              "  File \"/srv/shop/wsgi.py\", line 3 in app\n"
              "  File \"/srv/shop/cart.py\", line 7 in total");
}

TEST(StacksText, WithoutARequestKeepsTheOrder) {
    const std::string text = stacks_text(kDump, 0);

    EXPECT_LT(text.find("cart.py"), text.find("threading.py"));
    EXPECT_TRUE(text.starts_with("a thread:\n"));
}

TEST(StacksText, TheStackOfTheRequestCanBeTakenOut) {
    EXPECT_EQ(stack_of_request(stacks_text(kDump, 0xab)),
              "  File \"/srv/shop/wsgi.py\", line 3 in app\n"
              "  File \"/srv/shop/cart.py\", line 7 in total");
    EXPECT_EQ(stack_of_request("a thread:\n  File"), "a thread:\n  File");
    EXPECT_EQ(stack_of_request("the request's thread:"), "");
    EXPECT_EQ(stack_of_request(""), "");
}

TEST(StacksText, TakesWhatItDoesNotUnderstand) {
    EXPECT_EQ(stacks_text("", 1), "");
    EXPECT_EQ(stacks_text("  File \"x.py\", line 1 in f", 1), "");
    EXPECT_EQ(stacks_text("<no thread>\n", 1), "a thread:");
    EXPECT_EQ(stacks_text("Thread 0x][ (most", 0), "a thread:");
}

}  // namespace
}  // namespace bundle
