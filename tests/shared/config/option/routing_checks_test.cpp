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

}  // namespace bundle::config
