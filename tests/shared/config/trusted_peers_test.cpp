#include "shared/config/trusted_peers.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace bundle {

namespace {

bool names(std::string_view item, std::string_view address) {
    const TrustedPeers peers = parse_trusted_peers(item).value();
    const IpAddress one = IpAddress::parse(address).value();
    return std::ranges::any_of(peers.ranges, [&](const IpRange& range) {
        return one >= range.first && one <= range.last;
    });
}

}  // namespace

TEST(TrustedPeers, WordsNameNetworks) {
    EXPECT_TRUE(names("loopback", "127.8.0.1"));
    EXPECT_TRUE(names("loopback", "::1"));
    EXPECT_FALSE(names("loopback", "10.0.0.1"));
    EXPECT_TRUE(names("private", "10.0.0.1"));
    EXPECT_TRUE(names("private", "192.168.1.1"));
    EXPECT_TRUE(names("private", "fd00::1"));
    EXPECT_FALSE(names("private", "127.0.0.1"));
    EXPECT_FALSE(names("private", "172.32.0.1"));
    EXPECT_TRUE(names("*", "192.0.2.1"));
    EXPECT_TRUE(names("*", "2001:db8::1"));
}

TEST(TrustedPeers, AUnixSocketIsNamedByAWordOfItsOwn) {
    EXPECT_TRUE(parse_trusted_peers("unix")->unix_sockets);
    EXPECT_TRUE(parse_trusted_peers("*")->unix_sockets);
    EXPECT_FALSE(parse_trusted_peers("loopback")->unix_sockets);
    EXPECT_FALSE(parse_trusted_peers("private")->unix_sockets);
}

}  // namespace bundle
