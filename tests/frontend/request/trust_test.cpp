#include "frontend/request/trust.hpp"

#include <gtest/gtest.h>

namespace bundle {

namespace {

bool trusts(const std::vector<std::string>& items, std::string_view address) {
    const auto proxies = TrustedProxies::create(items).value();
    return proxies.contain(address.empty() ? IpAddress() : IpAddress::parse(address).value());
}

}  // namespace

TEST(TrustedProxies, AreNobodyUnlessTheyAreNamed) {
    EXPECT_FALSE(trusts({}, "127.0.0.1"));
    EXPECT_FALSE(trusts({}, "::1"));
    EXPECT_FALSE(trusts({}, ""));
}

TEST(TrustedProxies, AreFoundAmongManyNetworks) {
    const std::vector<std::string> items = {"192.0.2.0/24",   "10.0.0.0/8",    "10.1.0.0/16",
                                            "198.51.100.7",   "2001:db8::/32", "10.255.0.0/16",
                                            "203.0.113.0/25", "unix"};

    for (const char* inside :
         {"192.0.2.0", "192.0.2.255", "10.1.2.3", "10.2.0.0", "10.255.255.255", "198.51.100.7",
          "203.0.113.127", "2001:db8:ffff::1", "::ffff:10.0.0.1", ""})
        EXPECT_TRUE(trusts(items, inside)) << inside;
    for (const char* outside : {"192.0.1.255", "192.0.3.0", "9.255.255.255", "11.0.0.0",
                                "198.51.100.8", "203.0.113.128", "2001:db9::", "::1", "0.0.0.0"})
        EXPECT_FALSE(trusts(items, outside)) << outside;
}

TEST(TrustedProxies, OnAUnixSocketAreNamedByTheirWord) {
    EXPECT_FALSE(trusts({"loopback", "private", "0.0.0.0/0", "::/0"}, ""));
    EXPECT_TRUE(trusts({"*"}, ""));
    EXPECT_FALSE(trusts({"unix"}, "127.0.0.1"));
}

TEST(TrustRules, KnowWhichConfiguredFieldsAreClaimsThatNoNameGivesAway) {
    Config config;
    config.trust.client_ip_header = "CF-Connecting-IP";
    config.trust.scheme_headers = {
        {"X-Forwarded-Proto", "https"},
        {"Front-End-Https",   "on"   }
    };

    const TrustRules rules = make_trust_rules(config).value();

    EXPECT_EQ(rules.client_field, TrustRules::ClientField::OneAddress);
    EXPECT_EQ(rules.more_claims, (std::vector<std::string>{"cf-connecting-ip", "front-end-https"}));
}

}  // namespace bundle
