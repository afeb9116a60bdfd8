#include "shared/import/nginx/units.hpp"

#include <gtest/gtest.h>

namespace bundle::imported {

namespace {

using namespace std::chrono_literals;

TEST(NginxUnits, TimesHaveUnitsAndSums) {
    EXPECT_EQ(nginx_time("60"), 60s);
    EXPECT_EQ(nginx_time("500ms"), 500ms);
    EXPECT_EQ(nginx_time("1h30m"), 90min);
    EXPECT_EQ(nginx_time("1h 30m"), 90min);
    EXPECT_EQ(nginx_time("30d"), 720h);
    EXPECT_EQ(nginx_time("1M"), 720h);
    EXPECT_FALSE(nginx_time(""));
    EXPECT_FALSE(nginx_time("m"));
    EXPECT_FALSE(nginx_time("1x"));
}

TEST(NginxUnits, SizesHaveOneUnit) {
    EXPECT_EQ(nginx_size("4G"), 4_GiB);
    EXPECT_EQ(nginx_size("8k"), 8_KiB);
    EXPECT_EQ(nginx_size("17"), Bytes{17});
    EXPECT_FALSE(nginx_size("1kk"));
    EXPECT_FALSE(nginx_size("k"));
    EXPECT_FALSE(nginx_size("-1"));
}

}  // namespace

}  // namespace bundle::imported
