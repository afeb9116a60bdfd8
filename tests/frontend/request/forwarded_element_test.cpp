#include "frontend/request/forwarded_element.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bundle {

namespace {

using Elements = std::vector<ForwardedElement>;

Elements elements_of(std::string_view value) {
    Elements elements;
    EXPECT_TRUE(parse_forwarded(value, elements)) << value;
    return elements;
}

bool is_malformed(std::string_view value) {
    Elements elements;
    return !parse_forwarded(value, elements);
}

std::string node(std::string_view text) {
    const auto parsed = parse_forwarded_node(text);
    if (!parsed) return "none";
    std::string address(parsed->address.text().view());
    return parsed->port.empty() ? address : address + " port " + std::string(parsed->port);
}

}  // namespace

TEST(Forwarded, HasAnElementForEachProxy) {
    EXPECT_EQ(elements_of("for=192.0.2.43;proto=https;by=203.0.113.43;host=shop.example, "
                          "For=\"[2001:db8:cafe::17]:4711\""),
              (Elements{
                  {"192.0.2.43",               "https", "shop.example"},
                  {"[2001:db8:cafe::17]:4711", "",      ""            }
    }));
    EXPECT_EQ(elements_of("for=_hidden, for=unknown"),
              (Elements{
                  {"_hidden", "", ""},
                  {"unknown", "", ""}
    }));
    EXPECT_EQ(elements_of(""), Elements());
}

TEST(Forwarded, IsReadWithTheSpacesAndEmptyPartsThatListsMayHave) {
    EXPECT_EQ(elements_of(" , for=a ; proto=http ;, ,"), (Elements{
                                                             {"a", "http", ""}
    }));
}

TEST(Forwarded, MayLackTheQuotesThatProxiesForget) {
    EXPECT_EQ(elements_of("for=[::1]:80;host=shop.example:8443"),
              (Elements{
                  {"[::1]:80", "", "shop.example:8443"}
    }));
}

TEST(Forwarded, QuotesHideSeparators) {
    EXPECT_EQ(elements_of(R"(x="a,b;c\"d";for=b)"), (Elements{
                                                        {"b", "", ""}
    }));
}

TEST(Forwarded, ThatAClientLeftOpenIsMalformed) {
    // What the client sent, with what a proxy appends behind it.
    for (const char* value : {R"(for="evil, for=192.0.2.1)", R"(for=evil;x=", for="[2001:db8::1]")",
                              R"(x="\, for="[2001:db8::1]")", R"(x=", for="";by="")",
                              "for=a b, for=192.0.2.1", "for, for=192.0.2.1", "=a", "for=",
                              "for=a;for=b", "for=\"a\"b", "for==a", "for=a/b", "for=\"a\\"})
        EXPECT_TRUE(is_malformed(value)) << value;
}

TEST(Forwarded, HasNoMoreElementsThanARequestPassesProxies) {
    std::string value = "for=a";
    for (int i = 1; i < 64; ++i) value += ",for=a";

    EXPECT_FALSE(is_malformed(value));
    EXPECT_TRUE(is_malformed(value + ",for=a"));
}

TEST(ForwardedNode, IsAnAddressAndMaybeAPort) {
    EXPECT_EQ(node("192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(node("192.0.2.1:4711"), "192.0.2.1 port 4711");
    EXPECT_EQ(node("192.0.2.1:_made-up"), "192.0.2.1");
    EXPECT_EQ(node("2001:db8::1"), "2001:db8::1");
    EXPECT_EQ(node("[2001:db8::1]"), "2001:db8::1");
    EXPECT_EQ(node("[2001:db8::1]:65535"), "2001:db8::1 port 65535");
    EXPECT_EQ(node("::ffff:192.0.2.1"), "192.0.2.1");
}

TEST(ForwardedNode, IsNothingElse) {
    for (const char* text : {"", "unknown", "_hidden", "shop.example", "192.0.2.1:65536",
                             "192.0.2.1:-1", "192.0.2.1:000080", "192.0.2.256", "[::1", "[::1]80",
                             "[192.0.2.1]", "::1%eth0", "[]", "192.0.2.1 ", "1"})
        EXPECT_EQ(node(text), "none") << text;
}

}  // namespace bundle
