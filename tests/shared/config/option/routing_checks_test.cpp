#include "shared/config/option/routing_checks.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bundle::config {

TEST(RoutingChecks, AHostIsANameOrAnAddress) {
    for (const char* good :
         {"example.com", "EXAMPLE.com", "*.example.com", "example.com.", "localhost", "app_1",
          "192.0.2.1", "[::1]", "xn--bcher-kva.example", "*.local"})
        EXPECT_EQ(check_host(good), std::nullopt) << good;

    for (const char* bad : {"", "example..com", ".example.com", "exa mple", "a/b", "*."})
        EXPECT_EQ(check_host(bad), "it must be a host such as \"example.com\" or \"*.example.com\"")
            << bad;
    for (const char* bad : {"www.*.com", "*example.com", "*.*.com"})
        EXPECT_EQ(check_host(bad),
                  "\"*\" stands for whole labels in front, such as \"*.example.com\"");
    for (const char* bad : {"example.com:80", "https://example.com", "::1", "[::1]:80"})
        EXPECT_EQ(check_host(bad),
                  "it must be a host without scheme and port; an IPv6 address stands in brackets");
    EXPECT_EQ(check_host("*"), "a site for every host has no hosts; leave them out");
    EXPECT_EQ(check_host("b\xc3\xbc"
                         "cher.example"),
              "browsers send such a name in its ASCII form; write that, which begins with "
              "\"xn--\"");
}

TEST(RoutingChecks, ARoutesPathLooksAsARequestsDoes) {
    for (const char* good : {"/", "/static/", "/static", "=/", "=/robots.txt", "=/a/", "/a b/",
                             "/100%/", "*.php", "/blog/*/feed", "/media/**", "wp-?"})
        EXPECT_EQ(check_route_path(good), std::nullopt) << good;

    for (const char* bad : {"static/", "=static", "", "=", "index.php"})
        EXPECT_EQ(check_route_path(bad),
                  "it must begin with \"/\", or with \"=/\" for exactly that path, or be a pattern "
                  "such as \"*.php\"")
            << bad;
    for (const char* bad : {"//", "/a//b", "/a/./b", "/a/../b", "=/..", "/."})
        EXPECT_EQ(
            check_route_path(bad),
            "no request has such a path: \".\", \"..\" and empty segments are resolved before "
            "routing")
            << bad;
    EXPECT_EQ(check_route_path("blog/*"),
              "a pattern with \"/\" in it is for the whole path; it must begin with \"/\"");
    EXPECT_EQ(check_route_path(std::string(300, '*')), "a pattern has at most 255 bytes");
}

TEST(RoutingChecks, AMountEndsBeforeASlash) {
    for (const char* good : {"/shop", "/a/b", "/a b"}) EXPECT_EQ(check_mount(good), std::nullopt);
    for (const char* bad : {"/", "/shop/", "shop"})
        EXPECT_EQ(check_mount(bad),
                  "it must begin with \"/\" and not end with it, such as \"/shop\"")
            << bad;
    EXPECT_NE(check_mount("/a/../b"), std::nullopt);
}

TEST(RoutingChecks, AFallbackIsAWordOrAFile) {
    for (const char* good : {"app", "404", "/index.html", "/a/b.html"})
        EXPECT_EQ(check_fallback(good), std::nullopt);
    for (const char* bad : {"index.html", "/", "/a/", "500"})
        EXPECT_EQ(check_fallback(bad),
                  "it must be \"app\", \"404\" or the path of a file such as \"/index.html\"")
            << bad;
    EXPECT_NE(check_fallback("/../secret"), std::nullopt);
}

}  // namespace bundle::config
