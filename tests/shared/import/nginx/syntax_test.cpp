#include "shared/import/nginx/syntax.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bundle::imported {

namespace {

using testing::ElementsAre;

std::string error_of(std::string_view text) {
    const auto read = parse_nginx(text, "nginx.conf");
    return read ? "none" : read.error().message;
}

TEST(NginxSyntax, ADirectiveHasANameArgumentsAndItsLine) {
    const auto read =
        parse_nginx("# first\nserver {\n  listen 80  default_server;\n}\n", "nginx.conf");

    ASSERT_TRUE(read);
    ASSERT_EQ(read->size(), 1U);
    EXPECT_EQ(read->front().name, "server");
    const Directive& listen = read->front().block.at(0);
    EXPECT_THAT(listen.arguments, ElementsAre("80", "default_server"));
    EXPECT_EQ(listen.place.text(), "nginx.conf:3");
    EXPECT_EQ(listen.said().words, "listen 80 default_server");
}

TEST(NginxSyntax, QuotesHoldSpacesAndBackslashesAreTakenAsNginxDoes) {
    const auto read = parse_nginx(R"(a "b; {c}" 'it\'s' "\"" x\ y \.php$ ${name}s;)", "f");

    ASSERT_TRUE(read) << read.error().message;
    EXPECT_THAT(read->front().arguments,
                ElementsAre("b; {c}", "it's", "\"", "x y", "\\.php$", "${name}s"));
}

TEST(NginxSyntax, AHashInAWordIsNoComment) {
    const auto read = parse_nginx("a b#c; # d\n", "f");

    ASSERT_TRUE(read);
    EXPECT_THAT(read->front().arguments, ElementsAre("b#c"));
}

TEST(NginxSyntax, AMistakeHasItsLineAndWhatWasExpected) {
    EXPECT_EQ(
        error_of("a\n{\n b;\n"),
        "nginx.conf:4: expected the \"}\" of the block that line 2 opens, but the file ends here");
    EXPECT_EQ(error_of("a;\n}\n"), "nginx.conf:2: this \"}\" closes nothing");
    EXPECT_EQ(error_of("server {\n listen 80\n}\n"),
              "nginx.conf:3: expected \";\" or \"{\" behind \"listen\", which begins in line 2");
    EXPECT_EQ(error_of("a;\n;"), "nginx.conf:2: expected the name of a directive");
    EXPECT_EQ(error_of("a \"b\nc;"), "nginx.conf:1: the quote \" that begins here has no end");
    EXPECT_EQ(error_of("a 'b'c;"), "nginx.conf:1: expected a space, \";\" or \"{\" behind \"b\"");
    EXPECT_EQ(error_of("a"),
              "nginx.conf:1: expected \";\" or \"{\" behind \"a\", which begins in line 1");
    EXPECT_EQ(error_of(std::string_view("a;\n\0", 4)),
              "nginx.conf:2: expected text, but there is a zero byte");
}

TEST(NginxSyntax, BlocksInBlocksHaveAnEnd) {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += "a {";

    EXPECT_EQ(error_of(text), "nginx.conf:1: more than 32 blocks in each other");
}

}  // namespace

}  // namespace bundle::imported
