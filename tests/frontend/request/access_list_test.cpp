#include "frontend/request/access_list.hpp"

#include <gtest/gtest.h>

namespace bundle {

namespace {

using Items = std::vector<std::string>;

bool admits(const AccessList& list, const char* client) {
    return list.admits(IpAddress::parse(client).value_or(IpAddress()));
}

}  // namespace

TEST(AccessList, WithoutListsEverybodyMayCome) {
    const AccessList list = AccessList::create({}, {}).value();

    EXPECT_TRUE(list.admits_everybody());
    EXPECT_TRUE(admits(list, "192.0.2.1"));
    EXPECT_TRUE(admits(list, ""));
}

TEST(AccessList, TheNarrowestNetworkDecides) {
    const AccessList list =
        AccessList::create(Items{"10.0.0.0/8", "10.1.2.3", "2001:db8::/32", "192.0.2.0/24"},
                           Items{"10.1.0.0/16", "10.1.2.4", "2001:db8:1::/48", "192.0.2.0/25"})
            .value();

    const struct {
        const char* client;
        bool admitted;
    } table[] = {
        {"10.0.0.1",        true },
        {"10.255.255.255",  true },
        {"10.1.0.0",        false},
        {"10.1.255.255",    false},
        {"10.1.2.3",        true },
        {"10.1.2.4",        false},
        {"10.2.0.0",        true },
        {"11.0.0.0",        false},
        {"9.255.255.255",   false},
        {"192.0.2.127",     false},
        {"192.0.2.128",     true },
        {"2001:db8::1",     true },
        {"2001:db8:1::1",   false},
        {"2001:db8:2::",    true },
        {"2001:db9::",      false},
        {"::ffff:10.0.0.1", true },
        {"::ffff:10.1.0.1", false},
    };
    for (const auto& row : table) EXPECT_EQ(admits(list, row.client), row.admitted) << row.client;
    EXPECT_FALSE(list.admits_everybody());
}

TEST(AccessList, OfTheSameNetworkInBothListsDenyCounts) {
    const AccessList list =
        AccessList::create(Items{"10.0.0.0/8", "*"}, Items{"10.0.0.0/8"}).value();

    EXPECT_FALSE(admits(list, "10.1.1.1"));
    EXPECT_TRUE(admits(list, "192.0.2.1"));
}

TEST(AccessList, WhomNobodyNamesMayComeUnlessSomebodyIsAllowed) {
    EXPECT_TRUE(admits(AccessList::create({}, Items{"10.0.0.0/8"}).value(), "192.0.2.1"));
    EXPECT_FALSE(admits(AccessList::create(Items{"10.0.0.0/8"}, {}).value(), "192.0.2.1"));
    EXPECT_TRUE(admits(AccessList::create(Items{"private"}, Items{"*"}).value(), "192.168.1.1"));
    EXPECT_FALSE(admits(AccessList::create(Items{"private"}, Items{"*"}).value(), "192.0.2.1"));
    EXPECT_FALSE(admits(AccessList::create({}, Items{"*"}).value(), "2001:db8::1"));
}

TEST(AccessList, AUnixSocketHasANameOfItsOwn) {
    EXPECT_FALSE(admits(AccessList::create(Items{"10.0.0.0/8"}, {}).value(), ""));
    EXPECT_TRUE(admits(AccessList::create(Items{"unix"}, {}).value(), ""));
    EXPECT_TRUE(admits(AccessList::create(Items{"unix"}, Items{"*"}).value(), ""));
    EXPECT_FALSE(admits(AccessList::create(Items{"*"}, Items{"unix"}).value(), ""));
    EXPECT_FALSE(admits(AccessList::create({}, Items{"*"}).value(), ""));
    EXPECT_TRUE(admits(AccessList::create({}, Items{"10.0.0.0/8"}).value(), ""));
}

TEST(AccessList, WhatIsNoNetworkIsAnError) {
    EXPECT_FALSE(AccessList::create(Items{"10.0.0.1/8"}, {}));
    EXPECT_FALSE(AccessList::create({}, Items{"office"}));
}

}  // namespace bundle
