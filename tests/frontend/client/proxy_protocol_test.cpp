#include "frontend/client/proxy_protocol.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace bundle {

namespace {

using Outcome = ProxyProtocol::Outcome;
using Source = ProxyHeader::Source;

// What came of the bytes, given in parts of `size`: "named 192.0.2.1 port 56324, 3 left".
std::string heard(std::string_view bytes, std::size_t size) {
    ProxyProtocol protocol;
    while (!bytes.empty()) {
        std::string_view part = bytes.substr(0, size);
        const std::size_t given = part.size();
        const Outcome outcome = protocol.read(part);
        bytes.remove_prefix(given - part.size());
        if (outcome == Outcome::Malformed) return std::string(protocol.complaint());
        if (outcome == Outcome::NeedMore) continue;
        const ProxyHeader& header = protocol.header();
        const std::string left = fmt::format(", {} left", bytes.size());
        if (header.source == Source::Proxy) return "the proxy itself" + left;
        if (header.source == Source::Unknown) return "unknown" + left;
        return fmt::format("{} port {}{}", header.address.text().view(), header.port, left);
    }
    return "more is needed";
}

// The same, whole and byte by byte.
std::string heard(std::string_view bytes) {
    const std::string whole = heard(bytes, std::max<std::size_t>(bytes.size(), 1));
    EXPECT_EQ(heard(bytes, 1), whole);
    EXPECT_EQ(heard(bytes, 5), whole);
    return whole;
}

const std::string kSignature("\r\n\r\n\0\r\nQUIT\n", 12);
const std::string kIpv4("\xc0\x00\x02\x01\xc6\x33\x64\x01\xdc\x04\x01\xbb", 12);
const std::string kIpv6 = std::string("\x20\x01\x0d\xb8", 4) + std::string(11, '\0') + "\x01" +
                          std::string(15, '\0') + std::string("\x01\xdc\x04\x01\xbb", 5);

std::string binary(unsigned command, unsigned family, const std::string& rest) {
    return kSignature + static_cast<char>(command) + static_cast<char>(family) +
           static_cast<char>(rest.size() >> 8) + static_cast<char>(rest.size() & 0xff) + rest;
}

}  // namespace

TEST(ProxyProtocol, Version1NamesTheClient) {
    EXPECT_EQ(heard("PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\nGET"),
              "192.0.2.1 port 56324, 3 left");
    EXPECT_EQ(heard("PROXY TCP6 2001:db8::1 ::1 1 65535\r\n"), "2001:db8::1 port 1, 0 left");
    EXPECT_EQ(heard("PROXY TCP6 ::ffff:192.0.2.1 ::ffff:10.0.0.1 1 2\r\n"),
              "192.0.2.1 port 1, 0 left");
}

TEST(ProxyProtocol, Version1MayNotKnowTheClient) {
    EXPECT_EQ(heard("PROXY UNKNOWN\r\nG"), "unknown, 1 left");
    EXPECT_EQ(heard("PROXY UNKNOWN ffff:f...f:ffff whatever 65535\r\n"), "unknown, 0 left");
}

TEST(ProxyProtocol, Version1IsOneLineAndNothingElse) {
    EXPECT_EQ(heard("PROXY TCP4 192.0.2.1 198.51.100.1 56324 443"), "more is needed");
    for (const char* line : {"192.0.2.1 198.51.100.1 56324", "192.0.2.1 198.51.100.1 56324 443 1",
                             "192.0.2.1  198.51.100.1 56324 443", ""})
        EXPECT_EQ(heard(fmt::format("PROXY TCP4 {}\r\n", line)),
                  "its line has not five fields behind PROXY")
            << line;
    EXPECT_EQ(heard("PROXY UDP4 192.0.2.1 198.51.100.1 1 2\r\n"),
              "its line names another protocol");
    EXPECT_EQ(heard("PROXY UNKNOWNS\r\n"), "its line has not five fields behind PROXY");
    for (const char* line : {"TCP4 ::1 ::1 1 2", "TCP6 192.0.2.1 192.0.2.2 1 2",
                             "TCP4 192.0.2.1 ::1 1 2", "TCP4 ::ffff:1.2.3.4 1.2.3.4 1 2",
                             "TCP4 192.0.2.256 192.0.2.1 1 2", "TCP6 [::1] ::1 1 2"})
        EXPECT_EQ(heard(fmt::format("PROXY {}\r\n", line)), "its line has a malformed address")
            << line;
    for (const char* ports : {"65536 1", "-1 1", "01 1", "a 1", "1 ", "1 99999"})
        EXPECT_EQ(heard(fmt::format("PROXY TCP4 192.0.2.1 192.0.2.2 {}\r\n", ports)),
                  "its line has a malformed port")
            << ports;
}

TEST(ProxyProtocol, Version1HasAtMost107Bytes) {
    EXPECT_EQ(heard("PROXY UNKNOWN " + std::string(91, 'a') + "\r\n"), "unknown, 0 left");
    EXPECT_EQ(heard("PROXY UNKNOWN " + std::string(92, 'a') + "\r\n"), "its line is too long");
}

TEST(ProxyProtocol, Version2NamesTheClient) {
    EXPECT_EQ(heard(binary(0x21, 0x11, kIpv4) + "GET"), "192.0.2.1 port 56324, 3 left");
    EXPECT_EQ(heard(binary(0x21, 0x21, kIpv6) + "G"), "2001:db8::1 port 56324, 1 left");
}

TEST(ProxyProtocol, Version2MayHaveMoreToSayThanWeRead) {
    EXPECT_EQ(heard(binary(0x21, 0x11, kIpv4 + std::string(300, 'x')) + "GET"),
              "192.0.2.1 port 56324, 3 left");
}

TEST(ProxyProtocol, Version2OfTheProxyItselfNamesNobody) {
    EXPECT_EQ(heard(binary(0x20, 0x00, "") + "GET"), "the proxy itself, 3 left");
    EXPECT_EQ(heard(binary(0x20, 0x11, kIpv4)), "the proxy itself, 0 left");
    EXPECT_EQ(heard(binary(0x20, 0x11, "abc") + "G"), "the proxy itself, 1 left");
}

TEST(ProxyProtocol, Version2MayNotKnowTheClient) {
    EXPECT_EQ(heard(binary(0x21, 0x00, "")), "unknown, 0 left");
    EXPECT_EQ(heard(binary(0x21, 0x31, std::string(216, 'p'))), "unknown, 0 left") << "unix";
    EXPECT_EQ(heard(binary(0x21, 0x12, kIpv4)), "unknown, 0 left") << "UDP";
}

TEST(ProxyProtocol, Version2IsBoundedAndWhole) {
    EXPECT_EQ(heard(binary(0x21, 0x11, kIpv4.substr(1))), "it is shorter than its addresses");
    EXPECT_EQ(heard(binary(0x21, 0x21, kIpv4)), "it is shorter than its addresses");
    EXPECT_EQ(heard(binary(0x21, 0x11, std::string(4080, '\0'))), "0.0.0.0 port 0, 0 left");
    EXPECT_EQ(heard(binary(0x21, 0x11, std::string(4081, '\0'))), "it is longer than 4096 bytes");
    EXPECT_EQ(heard(binary(0x11, 0x11, kIpv4)), "its version is not 2");
    EXPECT_EQ(heard(binary(0x22, 0x11, kIpv4)), "its command is unknown");
    EXPECT_EQ(heard(binary(0x21, 0x11, kIpv4).substr(0, 27)), "more is needed");
}

TEST(ProxyProtocol, WhoeverDoesNotSpeakItIsFoundOutAtOnce) {
    constexpr std::string_view kNot = "the connection does not begin with the PROXY protocol";

    EXPECT_EQ(heard("G"), kNot);
    EXPECT_EQ(heard("GET / HTTP/1.1\r\n\r\n"), kNot);
    EXPECT_EQ(heard("PROPFIND /"), kNot);
    EXPECT_EQ(heard("PROXY\t"), kNot);
    EXPECT_EQ(heard("\r\n\r\n\r"), kNot);
    EXPECT_EQ(heard("\x16\x03\x01"), kNot);
    EXPECT_EQ(heard(""), "more is needed");
}

}  // namespace bundle
