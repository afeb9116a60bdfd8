#include "shared/base/ip_address.hpp"

#include <gtest/gtest.h>

namespace bundle {

namespace {

std::string printed(std::string_view text) {
    const auto address = IpAddress::parse(text);
    return address ? std::string(address->text().view()) : "none";
}

bool has(std::string_view range, std::string_view address) {
    const IpRange of = IpRange::parse(range).value();
    const IpAddress one = IpAddress::parse(address).value();
    return one >= of.first && one <= of.last;
}

std::string problem_of(std::string_view range) {
    const auto parsed = IpRange::parse(range);
    return parsed ? std::string() : parsed.error().message;
}

}  // namespace

TEST(IpAddress, IsPrintedInItsShortestForm) {
    EXPECT_EQ(printed("192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(printed("2001:DB8:0:0:0:0:0:1"), "2001:db8::1");
    EXPECT_EQ(IpAddress().text().view(), "");
}

TEST(IpAddress, OfIpv4MappedIntoIpv6IsOfIpv4) {
    EXPECT_EQ(IpAddress::parse("::ffff:192.0.2.1"), IpAddress::parse("192.0.2.1"));
    EXPECT_EQ(printed("::ffff:c000:201"), "192.0.2.1");
}

TEST(IpAddress, HasNoOtherSpellings) {
    for (const char* text : {"", "1.2.3", "01.2.3.4", "1.2.3.256", "1.2.3.4 ", " 1.2.3.4", "[::1]",
                             "::1%eth0", "1.2.3.4:80", "0x7f.1", "a", "1:2:3:4:5:6:7:8:9"})
        EXPECT_EQ(printed(text), "none") << text;
    EXPECT_EQ(printed(std::string_view("1.2.3.4\0", 8)), "none");
}

TEST(IpRange, HasTheAddressesBelowItsPrefix) {
    EXPECT_TRUE(has("10.0.0.0/8", "10.255.255.255"));
    EXPECT_FALSE(has("10.0.0.0/8", "11.0.0.0"));
    EXPECT_TRUE(has("172.16.0.0/12", "172.31.0.1"));
    EXPECT_FALSE(has("172.16.0.0/12", "172.32.0.0"));
    EXPECT_TRUE(has("192.0.2.1", "192.0.2.1"));
    EXPECT_FALSE(has("192.0.2.1/32", "192.0.2.2"));
    EXPECT_TRUE(has("2001:db8::/33", "2001:db8:7fff::1"));
    EXPECT_FALSE(has("2001:db8::/33", "2001:db8:8000::"));
    EXPECT_TRUE(has("0.0.0.0/0", "255.255.255.255"));
}

TEST(IpRange, OfOneFamilyHasNoneOfTheOther) {
    EXPECT_FALSE(has("::/0", "10.0.0.1"));
    EXPECT_FALSE(has("0.0.0.0/0", "::1"));
    EXPECT_TRUE(has("0.0.0.0/0", "::ffff:10.0.0.1"));
}

TEST(IpRange, ThatIsWrongSaysWhatToWrite) {
    EXPECT_EQ(problem_of("10.0.0.5/8"), "it has bits behind its prefix; write \"10.0.0.0/8\"");
    EXPECT_EQ(problem_of("10.0.0.0/33"), "behind \"/\" it must have a number from 0 to 32");
    EXPECT_EQ(problem_of("::/129"), "behind \"/\" it must have a number from 0 to 128");
    EXPECT_EQ(problem_of("10.0.0.0/"), "behind \"/\" it must have a number from 0 to 32");
    EXPECT_EQ(problem_of("10.0.0.0/-1"), "behind \"/\" it must have a number from 0 to 32");
    EXPECT_EQ(problem_of("proxy.example"),
              "it must be an address or a network such as \"10.0.0.0/8\"");
}

}  // namespace bundle
