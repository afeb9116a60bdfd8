#include "shared/config/statsd_address.hpp"

#include <gtest/gtest.h>

namespace bundle::config {

TEST(StatsdAddress, ItIsAnAddressAndAPortOrAPathOrOff) {
    for (const char* good : {"off", "127.0.0.1:8125", "[::1]:8125", "unix:/run/statsd.sock"})
        EXPECT_FALSE(check_statsd_address(good)) << good;
    for (const char* bad : {"", "127.0.0.1", "127.0.0.1:0", ":8125", "statsd.example:8125",
                            "unix:statsd.sock", "fd:3"})
        EXPECT_TRUE(check_statsd_address(bad)) << bad;
}

}  // namespace bundle::config
