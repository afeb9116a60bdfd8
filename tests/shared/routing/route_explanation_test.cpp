#include "shared/routing/route_explanation.hpp"

#include <gtest/gtest.h>

#include "tests/shared/config/site_text.hpp"

namespace bundle {

namespace {

constexpr const char* kSite = R"([app.shop]
wsgi = "shop:app"
[app.blog]
wsgi = "blog:app"
[[site]]
hosts = ["shop.example", "*.shop.example"]
app = "shop"
root = "public"
https = "redirect"
[[site.route]]
path = "/static/"
directory = "static"
[[site.route]]
path = "=/old"
redirect = "/new$query"
[[site.route]]
path = "*.php"
return = 410
[[site.route]]
path = "/blog/"
app = "blog"
mount = "/blog"
allow = ["private"]
deny = ["10.0.0.1"]
[[site.route]]
path = "/protected/"
directory = "protected"
internal = true
fallback = "/none.html"
[[site]]
hosts = ["files.example"]
app = "off"
root = "/srv/files"
fallback = "/index.html"
)";

std::string explained(const std::string& url, const std::string& more = "") {
    const auto loaded = load_config(site_text(kSite + more));
    if (!loaded) return loaded.error().message;
    const auto text = explain_route(*loaded, url);
    return text ? *text : text.error().message;
}

}  // namespace

TEST(RouteExplanation, TellsOfFilesAndWhatStandsBehindThem) {
    EXPECT_EQ(explained("https://shop.example/static/a%20b.css?v=1"),
              "site    [[site]] at site.toml:5:1, which has the host shop.example\n"
              "route   [[site.route]] at site.toml:10:1: \"/static/\" is the longest prefix of "
              "/static/a b.css\n"
              "file    /srv/shop/static/a b.css\n"
              "else    404\n");
    EXPECT_EQ(explained("https://shop.example/static/.git/config"),
              "site    [[site]] at site.toml:5:1, which has the host shop.example\n"
              "route   [[site.route]] at site.toml:10:1: \"/static/\" is the longest prefix of "
              "/static/.git/config\n"
              "file    none: a name begins with a dot, and dotfiles is false\n"
              "else    404\n");
    EXPECT_EQ(explained("https://de.shop.example/cart"),
              "site    [[site]] at site.toml:5:1, which has the longest wildcard for "
              "de.shop.example\n"
              "route   none is for /cart\n"
              "file    /srv/shop/public/cart\n"
              "app     shop, SCRIPT_NAME \"\", PATH_INFO \"/cart\"\n");
    EXPECT_EQ(explained("https://files.example/a"),
              "site    [[site]] at site.toml:30:1, which has the host files.example\n"
              "route   none is for /a\n"
              "file    /srv/files/a\n"
              "else    /srv/files/index.html, or 404\n");
}

TEST(RouteExplanation, TellsOfRedirectsAndReturns) {
    EXPECT_EQ(explained("https://shop.example/old?a=1"),
              "site    [[site]] at site.toml:5:1, which has the host shop.example\n"
              "route   [[site.route]] at site.toml:13:1: \"=/old\" is exactly /old\n"
              "answer  301 to /new?a=1\n");
    EXPECT_EQ(explained("https://shop.example/x/index.php"),
              "site    [[site]] at site.toml:5:1, which has the host shop.example\n"
              "route   [[site.route]] at site.toml:16:1: \"*.php\" is behind exact paths and "
              "prefixes the first pattern for /x/index.php\n"
              "answer  410\n");
    EXPECT_EQ(explained("http://Shop.example:80/static/a"),
              "site    [[site]] at site.toml:5:1, which has the host shop.example\n"
              "route   [[site.route]] at site.toml:10:1: \"/static/\" is the longest prefix of "
              "/static/a\n"
              "answer  redirect to https://shop.example/static/a\n");
}

TEST(RouteExplanation, TellsOfAppsAndWhoMayAsk) {
    EXPECT_EQ(explained("https://shop.example/blog/2026"),
              "site    [[site]] at site.toml:5:1, which has the host shop.example\n"
              "route   [[site.route]] at site.toml:19:1: \"/blog/\" is the longest prefix of "
              "/blog/2026\n"
              "allow   private; others: 403\n"
              "deny    10.0.0.1: 403\n"
              "app     blog, SCRIPT_NAME \"/blog\", PATH_INFO \"/2026\"\n");
    EXPECT_EQ(explained("https://shop.example/protected/x"),
              "site    [[site]] at site.toml:5:1, which has the host shop.example\n"
              "route   [[site.route]] at site.toml:25:1: \"/protected/\" is the longest prefix of "
              "/protected/x\n"
              "client  404: the route is internal, for X-Accel-Redirect of an app only\n"
              "file    /srv/shop/protected/x\n"
              "else    /srv/shop/protected/none.html, or 404\n");
}

TEST(RouteExplanation, TellsOfHostsThatAreNobodys) {
    EXPECT_EQ(explained("https://other.example/"),
              "site    none: no site has the host other.example\n"
              "answer  none: the connection is closed, as server.unknown_host says\n");
    EXPECT_EQ(explained("https://other.example", "[server]\nunknown_host = \"421\""),
              "site    none: no site has the host other.example\n"
              "answer  421, as server.unknown_host says\n");
    EXPECT_EQ(
        explained("https://other.example?x", "[server]\nunknown_host = \"first\"").substr(0, 84),
        "site    [[site]] at site.toml:5:1, to which server.unknown_host leads other.example\n");
}

TEST(RouteExplanation, WhatIsNoUrlIsSaidToBeNone) {
    EXPECT_EQ(explained("shop.example/x"),
              "shop.example/x is no URL; write one such as https://example.com/path");
    EXPECT_EQ(explained("https://shop.example/%zz"),
              "https://shop.example/%zz has a path that is answered 400");
}

}  // namespace bundle
