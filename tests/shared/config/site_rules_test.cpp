#include "shared/config/site_rules.hpp"

#include <gtest/gtest.h>

#include "tests/shared/config/site_text.hpp"

namespace bundle {

namespace {

// With a [[site]] of the only app, and this route, from line 5 on.
std::string problems_with_route(const std::string& text) {
    return problems_with("[[site]]\n[[site.route]]\n" + text);
}

std::vector<std::string> warnings_of(const std::string& text) {
    return load_config(site_text(kSmallest + text)).value().warnings;
}

}  // namespace

TEST(SiteRules, ARouteHasOneActionOrOptions) {
    EXPECT_EQ(
        problems_with_route("path = \"/a/\""),
        "site.toml:4:1: site.0.route.0 says nothing; it needs one of directory, app, redirect, "
        "return, status_page, or an option of its own");
    EXPECT_EQ(problems_with_route("path = \"/a/\"\nbuffering = false"), "");
    EXPECT_EQ(problems_with_route("path = \"/a/\"\napp = \"main\"\ndirectory = \"a\""),
              "site.toml:4:1: site.0.route.0 has the actions directory, app; it can have one of "
              "directory, app, redirect, return, status_page");
    EXPECT_EQ(problems_with_route("path = \"/a/\"\nreturn = 410\nredirect = \"/b\""),
              "site.toml:4:1: site.0.route.0 has the actions redirect, return; it can have one of "
              "directory, app, redirect, return, status_page");
    EXPECT_EQ(problems_with_route("path = \"/a/\"\ndirectory = 5"),
              "site.toml:6:13: site.0.route.0.directory is 5; it must be a text in quotes")
        << "an action that cannot be read is no missing one";
}

TEST(SiteRules, APathIsRoutedOnce) {
    EXPECT_EQ(problems_with_route("path = \"/a/\"\napp = \"main\"\n"
                                  "[[site.route]]\npath = \"/a\"\napp = \"main\""),
              "site.toml:8:8: site.0.route.1.path is \"/a\" once more; it stands at site.toml:5:8 "
              "already");
    EXPECT_EQ(problems_with_route("path = \"=/a\"\napp = \"main\"\n"
                                  "[[site.route]]\npath = \"/a\"\napp = \"main\""),
              "");
}

TEST(SiteRules, ThePartsOfAnActionFitIt) {
    EXPECT_EQ(problems_with_route("path = \"/a/\"\nredirect = \"/b\"\nstatus = 304"),
              "site.toml:7:10: site.0.route.0.status is 304; a redirect has one of 301, 302, 303, "
              "307, 308");
    EXPECT_EQ(problems_with_route("path = \"/a/\"\nreturn = 301"),
              "site.toml:6:10: site.0.route.0.return is 301, which leads nowhere; write redirect "
              "and status = 301");
    EXPECT_EQ(problems_with_route("path = \"/a/\"\nbody = \"x\""),
              "site.toml:6:8: site.0.route.0.body has a meaning with return only");
    EXPECT_EQ(problems_with_route("path = \"/a/\"\nfallback = \"/x.html\""),
              "site.toml:6:12: site.0.route.0.fallback has a meaning with directory only");
    EXPECT_EQ(problems_with("[[site]]\nfallback = \"404\""),
              "site.toml:4:12: site.0.fallback has a meaning with root only");
    EXPECT_EQ(problems_with("[[site]]\napp = \"off\"\nroot = \"a\"\nfallback = \"app\""),
              "site.toml:6:12: site.0.fallback is \"app\", but the site has none");
}

TEST(SiteRules, AMountLiesAboveItsRoute) {
    EXPECT_EQ(problems_with_route("path = \"/shop/\"\nmount = \"/shop\""), "");
    EXPECT_EQ(problems_with_route("path = \"/shop/de/\"\nmount = \"/shop\"\napp = \"main\""), "");
    EXPECT_EQ(problems_with_route("path = \"/shops/\"\nmount = \"/shop\""),
              "site.toml:6:9: site.0.route.0.mount is /shop, but /shops/ does not lie below it; "
              "write path = \"/shop/\"");
    EXPECT_EQ(problems_with_route("path = \"/shop/\"\nmount = \"/shop\"\nreturn = 404"),
              "site.toml:6:9: site.0.route.0.mount has a meaning with an app only");
    EXPECT_EQ(problems_with_route("path = \"/shop/\"\nmount = \"/shop/\""),
              "site.toml:6:9: site.0.route.0.mount is \"/shop/\"; it must begin with \"/\" and not "
              "end with it, such as \"/shop\"");
}

TEST(SiteRules, FieldsThatFrameAnAnswerAreNotChanged) {
    EXPECT_EQ(
        problems_with("[[site]]\nheaders.set = { Content-Length = \"1\" }"),
        "site.toml:4:15: site.0.headers.set has Content-Length; it belongs to the connection, "
        "and is never changed");
    EXPECT_EQ(problems_with("[[site]]\nheaders.append = { X-A = \"1\\r\\nX-B: 2\" }"),
              "site.toml:4:18: site.0.headers.append has X-A; its value must be one line");
    EXPECT_EQ(problems_with("[[site]]\nheaders.set = { \"X A\" = \"1\" }"),
              "site.toml:4:15: site.0.headers.set has X A; it must be the name of a field such as "
              "\"X-Frame-Options\"");
    EXPECT_EQ(problems_with_route("path = \"/a/\"\nheaders.remove = [\"Connection\"]"),
              "site.toml:6:18: site.0.route.0.headers.remove is a list; for \"Connection\", it "
              "belongs to the connection, and is never changed");
}

TEST(SiteRules, ErrorFilesAreForErrors) {
    EXPECT_EQ(problems_with("[[site]]\nerrors = { 404 = \"a\", 599 = \"a\", 4xx = \"a\" }"), "");
    for (const char* bad : {"200", "40", "4x4", "6xx", "4xx5", "404 "})
        EXPECT_EQ(problems_with(std::string("[[site]]\nerrors = { \"") + bad + "\" = \"a\" }"),
                  std::string("site.toml:4:10: site.0.errors has \"") + bad +
                      "\"; it must be a status such as \"404\", or a class: \"4xx\", \"5xx\"");
}

TEST(SiteRules, AStatusPageHasPartsBelowIt) {
    EXPECT_EQ(problems_with_route("path = \"/ops/\"\nstatus_page = true"), "");
    EXPECT_EQ(problems_with_route("path = \"=/ops\"\nstatus_page = true"),
              "site.toml:6:15: site.0.route.0.status_page has parts below it; write a path such as "
              "\"/ops/\"");
}

TEST(SiteRules, AnAnswerWithoutABodyHasNone) {
    EXPECT_EQ(problems_with_route("path = \"/a/\"\nreturn = 204\nbody = \"a\""),
              "site.toml:7:8: site.0.route.0.body has no place in a 204, which has no body");
}

TEST(SiteRules, WhatIsSaidInVainIsDoubted) {
    const auto warning_of_route = [](const std::string& text) {
        return warnings_of("[[site]]\n[[site.route]]\n" + text);
    };
    using Warnings = std::vector<std::string>;
    EXPECT_EQ(
        warning_of_route("path = \"=/a?b=1\"\nreturn = 404"),
        Warnings{"site.toml:5:8: the route \"=/a?b=1\" can never match: a path has no query"});
    EXPECT_EQ(warning_of_route("path = \"/a?b=1\"\nreturn = 404"),
              Warnings{"site.toml:5:8: in the route \"/a?b=1\", \"?\" stands for one character; a "
                       "path has no query"});
    EXPECT_EQ(warning_of_route("path = \"/a/\"\nredirect = \"/a/b$query\""),
              Warnings{"site.toml:6:12: the route \"/a/\" leads to itself: /a/b$query"});
    EXPECT_EQ(warning_of_route("path = \"/a/\"\nredirect = \"/a/b\"\n"
                               "[[site.route]]\npath = \"=/a/b\"\nreturn = 404"),
              Warnings{});
    EXPECT_EQ(warning_of_route("path = \"/a/\"\nexpires = \"1h\"\ncache_control = \"private\""),
              Warnings{"site.toml:6:11: site.0.route.0.expires is not looked at beside "
                       "site.0.route.0.cache_control"});
    EXPECT_EQ(
        warning_of_route("path = \"/ops/\"\nstatus_page = true"),
        Warnings{"site.toml:5:8: the route \"/ops/\" shows requests and clients to everybody; "
                 "write allow = [\"private\"]"});
}

TEST(SiteRules, ARouteThatCanNeverMatchIsDoubted) {
    EXPECT_EQ(
        warnings_of("[[site]]\n[[site.route]]\npath = \"*.php\"\nreturn = 404\n"
                    "[[site.route]]\npath = \"/\"\napp = \"main\""),
        std::vector<std::string>{"site.toml:5:8: the route \"*.php\" can never match: patterns "
                                 "come after prefixes, and the route \"/\" has every path"});
    EXPECT_EQ(
        warnings_of("[[site]]\n[[site.route]]\npath = \"/static/*.map\"\nreturn = 404\n"
                    "[[site.route]]\npath = \"/static/\"\ndirectory = \"a\""),
        std::vector<std::string>{"site.toml:5:8: the route \"/static/*.map\" can never match: "
                                 "patterns come after prefixes, and the route \"/static/\" has "
                                 "every such path"});
    EXPECT_EQ(warnings_of("[[site]]\n[[site.route]]\npath = \"**\"\nreturn = 404\n"
                          "[[site.route]]\npath = \"*.php\"\nreturn = 404"),
              std::vector<std::string>{"site.toml:8:8: the route \"*.php\" can never match: \"**\" "
                                       "stands before it and is for every path"});
    EXPECT_EQ(
        warnings_of("[[site]]\nhealth = true\n[[site.route]]\npath = \"=/-/live\"\n"
                    "return = 404"),
        std::vector<std::string>{"site.toml:6:8: the route \"=/-/live\" can never match: with "
                                 "health = true bundle itself answers there"});
    EXPECT_EQ(warnings_of("[[site]]\n[[site.route]]\npath = \"/static*.map\"\nreturn = 404\n"
                          "[[site.route]]\npath = \"/static/\"\ndirectory = \"a\"\n"
                          "[[site.route]]\npath = \"*.php\"\nreturn = 404"),
              std::vector<std::string>{});
    EXPECT_EQ(
        warnings_of("[[site]]\n[[site.route]]\npath = \"/a%20b/\"\nreturn = 404"),
        std::vector<std::string>{"site.toml:5:8: the route \"/a%20b/\" is compared with decoded "
                                 "paths, in which \"%\" stands for itself"});
}

TEST(SiteRules, ANamedAppExists) {
    EXPECT_EQ(problems_with("[[site]]\napp = \"shop\""),
              "site.toml:4:7: site.0.app is \"shop\", but there is no [app.shop]; there is main");
    EXPECT_EQ(problems_with("[[site]]\n[[site.route]]\npath = \"/\"\napp = \"mian\""),
              "site.toml:6:7: site.0.route.0.app is \"mian\", but there is no [app.mian]; did you "
              "mean main?");
    EXPECT_EQ(problems_of(site_text("[[site]]\napp = \"main\"\nroot = \"a\"")),
              "site.toml:2:7: site.0.app is \"main\", but there is no [app.main]; there is no "
              "[app.NAME]");
}

TEST(SiteRules, OfSeveralAppsTheSiteNamesOne) {
    EXPECT_EQ(problems_with("[app.two]\nwsgi = \"a\""),
              "site.toml: site.0 does not say which app serves it; write app = \"main\", or app = "
              "\"off\" for files "
              "only");
    EXPECT_EQ(problems_with("[app.two]\nwsgi = \"a\"\n[[site]]\napp = \"two\""), "");
    EXPECT_EQ(problems_with("[app.two]\nwsgi = \"a\"\n[[site]]\napp = \"off\"\nroot = \"a\""), "");
}

TEST(SiteRules, OneSiteIsForEveryHost) {
    EXPECT_EQ(
        problems_with("[[site]]\n[[site]]\n"),
        "site.toml:4:1: site.1 names no hosts, but the [[site]] at site.toml:3:1 is for every "
        "host already");
    EXPECT_EQ(problems_with("[[site]]\n[[site]]\nhosts = [\"a.example\"]"), "");
}

TEST(SiteRules, AHostBelongsToOneSite) {
    EXPECT_EQ(problems_with("[[site]]\nhosts = [\"a.example\", \"*.b.example\"]\n"
                            "[[site]]\nhosts = [\"b.example\", \"A.example.\"]"),
              "site.toml:6:9: site.1.hosts has A.example. once more; it stands at site.toml:4:9 "
              "already");
    EXPECT_EQ(problems_with("[[site]]\nhosts = [\"*.b.example\", \"*.B.example\"]"),
              "site.toml:4:9: site.0.hosts has *.B.example once more; it stands at site.toml:4:9 "
              "already");
}

TEST(SiteRules, AnUnknownHostGoesToASiteThatIsThere) {
    const std::string site = "[[site]]\nhosts = [\"a.example\", \"*.b.example\"]\n";

    for (const char* good : {"close", "421", "first", "a.example", "A.example", "*.b.example"})
        EXPECT_EQ(problems_with(site + "[server]\nunknown_host = \"" + good + "\""), "") << good;
    EXPECT_EQ(
        problems_with(site + "[server]\nunknown_host = \"c.example\""),
        "site.toml:6:16: server.unknown_host is \"c.example\"; it must be \"close\", \"421\", "
        "\"first\" or a host of a site");
}

TEST(SiteRules, WhereNoHostIsUnknownItsRuleIsDoubted) {
    const auto loaded =
        load_config(site_text(std::string(kSmallest) + "[server]\nunknown_host = \"421\""));

    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(loaded->warnings,
              std::vector<std::string>{"site.toml:4:16: no host is unknown, because a [[site]] "
                                       "without hosts is for every host"});
}

}  // namespace bundle
