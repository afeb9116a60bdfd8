#include "shared/config/option/nearest.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bundle::config {

namespace {

const std::vector<std::string_view> kKnown = {"head_timeout", "body_timeout", "max_body", "user"};

}  // namespace

TEST(Nearest, ATypoFindsWhatWasMeant) {
    EXPECT_EQ(nearest("head_timeut", kKnown), "head_timeout");
    EXPECT_EQ(nearest("maxbody", kKnown), "max_body");
    EXPECT_EQ(nearest("users", kKnown), "user");
    EXPECT_EQ(nearest("User", kKnown), "user");
    EXPECT_EQ(nearest("uesr", kKnown), "user") << "two letters swapped are one mistake";
}

TEST(Nearest, WhatIsFarFromAllFindsNothing) {
    EXPECT_EQ(nearest("gzip", kKnown), std::nullopt);
    EXPECT_EQ(nearest("x", kKnown), std::nullopt);
    EXPECT_EQ(nearest("", kKnown), std::nullopt);
    EXPECT_EQ(nearest(std::string(100000, 'a'), kKnown), std::nullopt);
    EXPECT_EQ(nearest("user", {}), std::nullopt);
}

}  // namespace bundle::config
