#include "frontend/client/address_counts.hpp"

#include <gtest/gtest.h>
#include <string_view>

namespace bundle {

namespace {

IpAddress peer(std::string_view text) { return IpAddress::parse(text).value(); }

}  // namespace

TEST(AddressCounts, CountsEachAddressForItself) {
    AddressCounts counts;
    auto* first = counts.enter(peer("192.0.2.1"));
    EXPECT_EQ(counts.enter(peer("192.0.2.1")), first);
    auto* other = counts.enter(peer("192.0.2.2"));

    EXPECT_EQ(AddressCounts::count(*first), 2U);
    EXPECT_EQ(AddressCounts::count(*other), 1U);
}

TEST(AddressCounts, AnIPv6ClientCountsByItsNetwork) {
    AddressCounts counts;
    auto* first = counts.enter(peer("2001:db8:0:1::1"));

    EXPECT_EQ(counts.enter(peer("2001:db8:0:1:ffff::2")), first);
    EXPECT_NE(counts.enter(peer("2001:db8:0:2::1")), first);
}

TEST(AddressCounts, AnIPv4ClientOfAListenerForBothFamiliesIsTheSame) {
    AddressCounts counts;
    EXPECT_EQ(counts.enter(peer("192.0.2.1")), counts.enter(peer("::ffff:192.0.2.1")));
}

TEST(AddressCounts, ForgetsAnAddressThatNobodyHas) {
    AddressCounts counts;
    auto* place = counts.enter(peer("192.0.2.1"));
    counts.enter(peer("192.0.2.1"));
    counts.leave(place);
    EXPECT_EQ(counts.addresses(), 1U);

    counts.leave(place);

    EXPECT_EQ(counts.addresses(), 0U);
}

TEST(AddressCounts, AClientOfAUnixSocketIsNotCounted) {
    AddressCounts counts;
    auto* place = counts.enter(IpAddress());
    counts.leave(place);

    EXPECT_EQ(place, nullptr);
    EXPECT_EQ(counts.addresses(), 0U);
}

}  // namespace bundle
