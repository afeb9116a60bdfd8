#include "shared/import/nginx/redirect.hpp"

#include "tests/shared/import/imported.hpp"

namespace bundle::imported {

namespace {

std::string target(const std::string& text, const std::string& captured = "") {
    NginxServer server;
    server.hosts = {"shop.example"};
    return redirect_target(text, server, captured).value_or("none");
}

TEST(NginxRedirect, VariablesOfNginxBecomeOurs) {
    EXPECT_EQ(target("https://$host$request_uri"), "https://$host$request_uri");
    EXPECT_EQ(target("$scheme://www.example$uri$is_args$args"), "$scheme://www.example$path$query");
    EXPECT_EQ(target("https://${server_name}/new?$args"), "https://shop.example/new$query");
    EXPECT_EQ(target("/new/$1", "$rest"), "/new/$rest");
    EXPECT_EQ(target("https://a/$1", "$path"), "https://a$path");
    EXPECT_EQ(target("https://a/$cookie_x"), "none");
    EXPECT_EQ(target("new"), "none");
}

Rewrite rewritten(const std::string& regex, const std::string& replacement,
                  const std::string& flag) {
    return redirecting(
               {
                   "rewrite", {regex, replacement, flag},
                    false, {},
                    {}
    },
               {})
        .value_or(Rewrite{{"none"}, "", 0});
}

TEST(NginxRedirect, RewritesThatLeadClientsAwayAreRedirects) {
    const Rewrite exact = rewritten("^/old$", "/new", "permanent");
    EXPECT_EQ(exact.paths, std::vector<std::string>{"=/old"});
    EXPECT_EQ(exact.target, "/new$query");
    EXPECT_EQ(exact.status, 301);

    const Rewrite below = rewritten("^/blog/(.*)$", "https://blog.example/$1?", "redirect");
    EXPECT_EQ(below.paths, std::vector<std::string>{"/blog/"});
    EXPECT_EQ(below.target, "https://blog.example/$rest");
    EXPECT_EQ(below.status, 302);

    EXPECT_EQ(rewritten("^(.*)$", "https://a$1", "permanent").target, "https://a$path$query");
    EXPECT_EQ(rewritten("^/a/?$", "/b", "permanent").paths,
              (std::vector<std::string>{"=/a", "=/a/"}));
}

TEST(NginxRedirect, WhatIsRewrittenInsideOrByMoreThanAPathIsNot) {
    EXPECT_EQ(rewritten("^/old$", "/new", "last").paths.front(), "none");
    EXPECT_EQ(rewritten("^/([0-9]+)$", "/new/$1", "permanent").paths.front(), "none");
    EXPECT_EQ(rewritten("^/a/(.*)$", "/$2", "permanent").paths.front(), "none");
}

}  // namespace

}  // namespace bundle::imported
