#include "frontend/route/route_rules.hpp"

#include <gtest/gtest.h>

namespace bundle {

class RouteRulesTest : public testing::Test {
  protected:
    RouteRulesTest() {
        config_.http.max_body = 10_MiB;
        config_.http.head_timeout = seconds(15);
        site_.scope.max_body = 20_MiB;
        site_.scope.headers.preset = HeadersPreset::Strict;
        site_.scope.headers.set = {
            {"X-Site", "site"},
            {"X-Both", "site"}
        };
        route_.scope = site_.scope;
        route_.scope.headers = {};
    }

    // The rules of the route, and on the way those of the site.
    std::unique_ptr<const RouteRules> rules() {
        RulesOfSite of(config_, site_, {}, files_);
        of_site_ = of.of_site().value();
        return of.of(route_).value();
    }
    static std::string told(const HeaderChanges& changes) {
        std::string text;
        HeadWriter writer(text, HttpVersion::Http11);
        HeaderChanges::Pass(&changes).append_to(writer);
        return text;
    }

    Config config_;
    SiteConfig site_;
    RouteConfig route_;
    LoadedErrorFiles files_;
    std::unique_ptr<const RouteRules> of_site_;
};

TEST_F(RouteRulesTest, ARoutesFieldsComeOnTopOfThoseOfItsSite) {
    route_.scope.headers.set = {
        {"X-Both", "route"}
    };
    route_.scope.headers.remove = {"Permissions-Policy", "Referrer-Policy"};

    const auto of_route = rules();

    EXPECT_EQ(told(of_route->headers),
              "X-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\n"
              "Cross-Origin-Opener-Policy: same-origin\r\n"
              "Cross-Origin-Resource-Policy: same-origin\r\n"
              "X-Site: site\r\nX-Both: route\r\n");
    EXPECT_NE(told(of_site_->headers).find("X-Both: site\r\n"), std::string::npos);
}

TEST_F(RouteRulesTest, HstsIsSaidByHttpsOnly) {
    site_.hsts = std::chrono::hours(24);

    const auto of_route = rules();

    for (const RouteRules* of : {of_site_.get(), of_route.get()}) {
        EXPECT_EQ(told(of->headers).find("Strict-Transport-Security"), std::string::npos);
        EXPECT_NE(told(of->headers_by_https).find("Strict-Transport-Security: max-age=86400\r\n"),
                  std::string::npos);
    }
}

TEST_F(RouteRulesTest, LimitsAreThoseOfTheScopeAndTheRestThoseOfHttp) {
    route_.scope.max_body = 1_MiB;

    const auto of_route = rules();

    EXPECT_EQ(of_route->http.max_body, 1_MiB);
    EXPECT_EQ(of_route->body_limits.max, 1_MiB);
    EXPECT_EQ(of_site_->body_limits.max, 20_MiB);
    EXPECT_EQ(of_route->http.head_timeout, seconds(15));
    EXPECT_EQ(RouteRules::without_site(config_.http, {}).body_limits.max, 10_MiB);
}

TEST_F(RouteRulesTest, InMaintenanceOnlyThoseOnTheListGoOn) {
    site_.maintenance = {true, std::chrono::minutes(5), {"10.0.0.0/8"}};

    const auto of_route = rules();

    const SiteRules& site = *of_route->site;
    EXPECT_TRUE(site.is_in_maintenance);
    EXPECT_EQ(site.of_maintenance[0], (HeaderField{"Retry-After", "300"}));
    EXPECT_TRUE(site.let_through.admits(*IpAddress::parse("10.1.2.3")));
    EXPECT_FALSE(site.let_through.admits(*IpAddress::parse("192.0.2.1")));
    EXPECT_FALSE(site.let_through.admits(IpAddress()));
}

TEST_F(RouteRulesTest, ASitesOwnHostIsTheFirstThatIsNoWildcard) {
    site_.hosts = {"*.shop.example", "Shop.Example.", "other.example"};

    EXPECT_EQ(rules()->site->own_host, "shop.example");
}

TEST_F(RouteRulesTest, AnErrorFileThatIsNotThereIsAnError) {
    site_.scope.errors = {
        {"404", "/nonexistent/404.html"}
    };

    EXPECT_EQ(RulesOfSite(config_, site_, {}, files_).of_site().error().message,
              "open /nonexistent/404.html: No such file or directory");
}

}  // namespace bundle
