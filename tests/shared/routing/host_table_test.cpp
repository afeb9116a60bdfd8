#include "shared/routing/host_table.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bundle {

namespace {

// Sites with these hosts, in their order.
Config config_of(const std::vector<std::vector<std::string>>& hosts,
                 const std::string& unknown = "close") {
    Config config;
    config.server.unknown_host = unknown;
    for (const auto& of_site : hosts) config.sites.emplace_back().hosts = of_site;
    return config;
}

// "how site"
std::string told(const HostMatch& match) {
    constexpr const char* kBy[] = {"name", "wildcard", "any", "unknown", "nothing"};
    std::string text = kBy[static_cast<std::size_t>(match.by)];
    if (match.by != HostMatch::By::Nothing) text += " " + std::to_string(match.site);
    return text;
}

}  // namespace

TEST(HostTable, ANameComesBeforeTheLongestWildcard) {
    const HostTable table(config_of({
        {"*.example.com"},
        {"shop.example.com", "Other.Example."},
        {"*.eu.example.com", "*.net"},
    }));

    const struct {
        const char* host;
        const char* expected;
    } rows[] = {
        {"shop.example.com",      "name 1"    },
        {"SHOP.example.com:8000", "name 1"    },
        {"shop.example.com.",     "name 1"    },
        {"other.example",         "name 1"    },
        {"a.example.com",         "wildcard 0"},
        {"a.b.example.com",       "wildcard 0"},
        {"x.shop.example.com",    "wildcard 0"},
        {"eu.example.com",        "wildcard 0"},
        {"a.eu.example.com",      "wildcard 2"},
        {"a.b.eu.example.com",    "wildcard 2"},
        {"example.net",           "wildcard 2"},
        {"example.com",           "nothing"   },
        {"notexample.com",        "nothing"   },
        {"*.example.com",         "wildcard 0"},
        {"net",                   "nothing"   },
        {"",                      "nothing"   },
        {"[::1]",                 "nothing"   },
    };
    for (const auto& row : rows) EXPECT_EQ(told(table.find(row.host)), row.expected) << row.host;
}

TEST(HostTable, ASiteWithoutHostsTakesWhatNoOtherNames) {
    const HostTable table(config_of({{"a.example"}, {}}));

    EXPECT_EQ(told(table.find("a.example")), "name 0");
    EXPECT_EQ(told(table.find("b.example")), "any 1");
    EXPECT_EQ(told(table.find("")), "any 1");
}

TEST(HostTable, AnUnknownHostGoesWhereTheServerSays) {
    const std::vector<std::vector<std::string>> hosts = {
        {"a.example"},
        {"b.example", "*.c.example"}
    };

    EXPECT_EQ(told(HostTable(config_of(hosts, "close")).find("x.example")), "nothing");
    EXPECT_EQ(told(HostTable(config_of(hosts, "421")).find("x.example")), "nothing");
    EXPECT_EQ(told(HostTable(config_of(hosts, "first")).find("x.example")), "unknown 0");
    EXPECT_EQ(told(HostTable(config_of(hosts, "B.example")).find("x.example")), "unknown 1");
    EXPECT_EQ(told(HostTable(config_of(hosts, "*.c.example")).find("")), "unknown 1");
    EXPECT_EQ(told(HostTable(config_of({}, "first")).find("x.example")), "nothing");
}

TEST(HostTable, ANameOfManyLabelsIsLookedUpAsAnyOther) {
    std::string host = "example.com";
    while (host.size() < 240) host = "a." + host;

    EXPECT_EQ(told(HostTable(config_of({{"*.example.com"}})).find(host)), "wildcard 0");
}

}  // namespace bundle
