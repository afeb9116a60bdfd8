#include "shared/base/result.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace bundle {

namespace {

Result<std::unique_ptr<int>> number_of(std::string_view text) {
    if (text.empty()) return failure("the text is empty");
    return std::make_unique<int>(static_cast<int>(text.size()));
}

Result<void> must_be_even(int number) {
    if (number % 2 != 0) return failure("it is odd");
    return {};
}

// Of another type than what it tries, and with two tries in one block.
Result<std::string> sum_of(std::string_view a, std::string_view b) {
    TRY_ASSIGN(const std::unique_ptr<int> first, number_of(a));
    TRY_ASSIGN(const auto second, number_of(b));
    TRY(must_be_even(*first + *second));
    return std::to_string(*first + *second);
}

}  // namespace

TEST(Result, TryPassesTheFirstErrorUpAsItIs) {
    EXPECT_EQ(sum_of("", "b").error().message, "the text is empty");
    EXPECT_EQ(sum_of("a", "").error().message, "the text is empty");
    EXPECT_EQ(sum_of("a", "bb").error().message, "it is odd");
}

TEST(Result, TryAssignMovesTheValueOut) { EXPECT_EQ(sum_of("a", "b").value(), "2"); }

TEST(Result, ASystemFailureNamesWhatWasTriedAndWhy) {
    errno = ENOENT;
    EXPECT_EQ(system_failure("open site.toml").value().message,
              "open site.toml: No such file or directory");
}

}  // namespace bundle
