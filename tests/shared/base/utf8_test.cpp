#include "shared/base/utf8.hpp"

#include <gtest/gtest.h>

namespace bundle {

TEST(Utf8, TextOfEveryLengthIsTaken) {
    for (const char* text : {"", "a", "\x7f", "\xc2\x80", "\xe2\x82\xac", "\xed\x9f\xbf",
                             "\xf0\x9f\x90\x8d", "\xf4\x8f\xbf\xbf", "gr\xc3\xbc\xc3\x9f"})
        EXPECT_TRUE(is_utf8(text)) << text;
}

TEST(Utf8, WhatIsNoCharacterIsRefused) {
    for (const char* text : {"\x80", "\xc2",
                             "\xc2"
                             "a",
                             "\xe2\x82", "\xff", "\xf8\x88\x80\x80\x80", "\xc0\x80" /* overlong */,
                             "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xed\xa0\x80" /* surrogate */,
                             "\xf4\x90\x80\x80" /* beyond the last */})
        EXPECT_FALSE(is_utf8(text)) << text;
}

}  // namespace bundle
