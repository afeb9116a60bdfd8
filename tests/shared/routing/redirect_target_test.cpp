#include "shared/routing/redirect_target.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bundle {

namespace {

const RedirectFacts kFacts = {.scheme = "http",
                              .host = "shop.example",
                              .path = "/old/caf\xc3\xa9 1",
                              .rest = "caf\xc3\xa9 1",
                              .query = "a=1&b=%20"};

std::string filled_in(const char* target, const RedirectFacts& facts = kFacts) {
    const auto parsed = RedirectTarget::parse(target);
    return parsed ? parsed->filled_in(facts) : parsed.error().message;
}

}  // namespace

TEST(RedirectTarget, VariablesAreFilledInEncoded) {
    const struct {
        const char* target;
        const char* expected;
    } table[] = {
        {"/new/",                             "/new/"                                           },
        {"https://$host$request_uri",         "https://shop.example/old/caf%C3%A9%201?a=1&b=%20"},
        {"$scheme://www.$host$path",          "http://www.shop.example/old/caf%C3%A9%201"       },
        {"/new/$rest",                        "/new/caf%C3%A9%201"                              },
        {"/new/$rest$query",                  "/new/caf%C3%A9%201?a=1&b=%20"                    },
        {"$path",                             "/old/caf%C3%A9%201"                              },
        {"/price?in=$$",                      "/price?in=$"                                     },
        {"https://other.example/?from=$host", "https://other.example/?from=shop.example"        },
    };
    for (const auto& row : table) EXPECT_EQ(filled_in(row.target), row.expected) << row.target;
}

TEST(RedirectTarget, WithoutAQueryThereIsNoQuestionMark) {
    EXPECT_EQ(filled_in("/new$query", {.path = "/"}), "/new");
}

TEST(RedirectTarget, NothingOfTheRequestEndsTheFieldOrTheAddress) {
    const RedirectFacts facts = {.scheme = "http",
                                 .host = "shop.example",
                                 .path = "/a\r\nSet-Cookie: b\x7f<\">\\#?",
                                 .rest = "\r\n",
                                 .query = "q=\"<>\\^`{|}"};

    EXPECT_EQ(filled_in("$path", facts), "/a%0D%0ASet-Cookie:%20b%7F%3C%22%3E%5C%23%3F");
    EXPECT_EQ(filled_in("/$rest", facts), "/%0D%0A");
    EXPECT_EQ(filled_in("/$query", facts), "/?q=%22%3C%3E%5C%5E%60%7B%7C%7D");
}

TEST(RedirectTarget, ATargetThatLeadsAstrayIsNone) {
    const std::string beginning = "it must begin with \"/\", \"http://\" or \"https://\"";
    const std::string other_host = "\"//\" in front would make the path's beginning a host";
    const struct {
        const char* target;
        std::string complaint;
    } table[] = {
        {"$rest",               beginning                                          },
        {"new/",                beginning                                          },
        {"javascript:alert(1)", beginning                                          },
        {"",                    beginning                                          },
        {"//other.example/",    other_host                                         },
        {"/$path",              other_host                                         },
        {"/$request_uri",       other_host                                         },
        {"https://$rest",       "$rest would be its host; write the host before it"},
        {"/$uri",
         "$uri is unknown; there is $scheme, $host, $path, $rest, $query and $request_uri, and "
         "\"$$\" is a "
         "\"$\""                                                                   },
        {"https://$Host/",
         "$ is unknown; there is $scheme, $host, $path, $rest, $query and $request_uri, and \"$$\" "
         "is a \"$\""                                                              },
    };
    for (const auto& row : table) EXPECT_EQ(filled_in(row.target), row.complaint) << row.target;
}

TEST(RedirectTarget, WhatTheClientChoseDoesNotGoOnAHostsName) {
    EXPECT_EQ(filled_in("https://shop.example$rest", {.rest = ".evil.example/x"}),
              "https://shop.example/.evil.example/x");
    EXPECT_EQ(filled_in("https://$host$rest", {.host = "a.example", .rest = "b"}),
              "https://a.example/b");
    EXPECT_EQ(filled_in("https://shop.example/new-$rest", {.rest = "b"}),
              "https://shop.example/new-b");
}

TEST(RedirectTarget, TellsWhetherItNeedsAHost) {
    EXPECT_TRUE(RedirectTarget::parse("https://$host/")->needs_host());
    EXPECT_FALSE(RedirectTarget::parse("/new/$rest")->needs_host());
}

}  // namespace bundle
