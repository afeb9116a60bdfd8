#include "shared/import/gunicorn/shell_words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bundle::imported {

namespace {

using testing::ElementsAre;

TEST(ShellWords, QuotesAndBackslashesKeepWhatTheyHold) {
    EXPECT_THAT(*shell_words("  a  'b c' \"d 'e\" f\\ g h'i'j ''"),
                ElementsAre("a", "b c", "d 'e", "f g", "hij", ""));
    EXPECT_THAT(*shell_words("a \\\n  b"), ElementsAre("a", "b"));
    EXPECT_THAT(*shell_words(" "), ElementsAre());
    EXPECT_THAT(*shell_words(R"('a\b')"), ElementsAre("a\\b"));
}

TEST(ShellWords, AQuoteThatDoesNotEndIsTold) {
    EXPECT_EQ(shell_words("a 'b").error().message, "the quote ' has no end");
}

}  // namespace

}  // namespace bundle::imported
