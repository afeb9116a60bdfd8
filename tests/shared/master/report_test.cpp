#include "shared/master/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/base/version.hpp"

namespace bundle {

TEST(Report, TellsWhatIsServedWhereAndHow) {
    Config config;
    for (const char* address : {"127.0.0.1:8000", "[::1]:8000"})
        config.listen.emplace_back().address = address;
    SiteConfig site;
    site.app = "shop";
    site.root = "/srv/shop/public";
    site.routes.push_back({"/static/", "/srv/shop/static", ""});
    site.routes.push_back({"/blog/", "", "blog"});
    config.sites.push_back(site);
    AppConfig shop;
    shop.name = "shop";
    shop.wsgi = "shop.wsgi:application";
    shop.directory = "/srv/shop";
    shop.virtualenv = "/srv/venv";
    shop.workers = 5;

    const auto facts = facts_of("/etc/bundle/site.toml", config,
                                {
                                    {shop, "3.11", "www-data"}
    });

    EXPECT_THAT(
        facts,
        testing::ElementsAre(
            Fact{"bundle " + std::string(kBundleVersion), "/etc/bundle/site.toml"},
            Fact{"listening", "http://127.0.0.1:8000"}, Fact{"", "http://[::1]:8000"},
            Fact{"site", "/static/ -> files in /srv/shop/static"}, Fact{"", "/blog/ -> app blog"},
            Fact{"", "/ -> files in /srv/shop/public, else app shop"},
            Fact{"app shop", "shop.wsgi:application"},
            Fact{"", "in /srv/shop, Python 3.11 (/srv/venv), 5 workers, user www-data"}));
}

TEST(Report, RemembersTheLastFailureInALine) {
    StartReport report(1);
    EXPECT_EQ(report.last_failure(), "");

    report.failure("the front is not ready in time");
    EXPECT_EQ(report.last_failure(), "the front is not ready in time");

    report.failure(
        "app shop: wsgi = \"shop\" cannot be loaded\nimport path:\n\033[2JKeyError: 'X'\n");
    EXPECT_EQ(report.last_failure(),
              "app shop: wsgi = \"shop\" cannot be loaded: \\x1b[2JKeyError: 'X'");
}

}  // namespace bundle
