#include "shared/config/inheritance.hpp"

#include <gtest/gtest.h>

#include "tests/shared/config/site_text.hpp"

namespace bundle {

namespace {

// The scopes of a site and of its only route.
struct Scopes {
    ScopeConfig site;
    ScopeConfig route;
};

Scopes scopes_of(const std::string& http, const std::string& site, const std::string& route) {
    const Config config =
        load_config(site_text(std::string(kSmallest) + "[http]\n" + http + "\n[[site]]\n" + site +
                              "\n[[site.route]]\npath = \"/a/\"\napp = \"main\"\n" + route))
            .value()
            .config;
    return {config.sites[0].scope, config.sites[0].routes[0].scope};
}

using Names = std::vector<std::string>;
using Errors = std::map<std::string, std::string>;

}  // namespace

TEST(Inheritance, LimitsComeFromTheNearestThatSaysThem) {
    const Scopes scopes = scopes_of(
        "max_body = \"1M\"\nsend_timeout = \"5s\"\nbody_min_rate = \"off\"",
        "max_body = \"2M\"\nresponse_disk = \"7M\"", "body_timeout = \"9s\"\nresponse_disk = 0");

    EXPECT_EQ(scopes.site.max_body, 2_MiB);
    EXPECT_EQ(scopes.route.max_body, 2_MiB);
    EXPECT_EQ(scopes.site.send_timeout, seconds(5));
    EXPECT_EQ(scopes.route.send_timeout, seconds(5));
    EXPECT_EQ(scopes.site.body_timeout, seconds(30));
    EXPECT_EQ(scopes.route.body_timeout, seconds(9));
    EXPECT_EQ(scopes.site.response_disk, 7_MiB);
    EXPECT_EQ(scopes.route.response_disk, 0_B);
    EXPECT_EQ(scopes.route.response_memory, 256_KiB);
    EXPECT_EQ(scopes.route.body_min_rate, 0_B);
    EXPECT_EQ(scopes.route.send_min_rate, Bytes{240});
    EXPECT_EQ(scopes.route.body_memory, 64_KiB);
}

TEST(Inheritance, ClientsShowASiteWhatTlsSaysUnlessItSaysMore) {
    const auto verify = [](const std::string& site) {
        return load_config(site_text(std::string(kSmallest) +
                                     "[tls]\nclient_ca = \"a\"\nclient_verify = \"optional\"\n" +
                                     "[[site]]\n" + site))
            .value()
            .config.sites[0]
            .client_verify;
    };

    EXPECT_EQ(verify(""), ClientVerify::Optional);
    EXPECT_EQ(verify("client_verify = \"off\""), ClientVerify::Off);
    EXPECT_EQ(verify("client_verify = \"require\""), ClientVerify::Require);
}

TEST(Inheritance, EachListIsInheritedForItself) {
    const Scopes scopes = scopes_of(
        "", "allow = [\"private\"]\ndeny = [\"10.0.0.1\"]\naccess_log = false", "allow = [\"*\"]");

    EXPECT_EQ(scopes.route.allow, Names{"*"});
    EXPECT_EQ(scopes.route.deny, Names{"10.0.0.1"});
    EXPECT_FALSE(scopes.route.access_log);
    EXPECT_EQ(scopes_of("", "allow = [\"private\"]", "allow = []").route.allow, Names{});
    EXPECT_TRUE(scopes_of("", "access_log = false", "access_log = true").route.access_log);
}

TEST(Inheritance, ARoutesErrorFilesComeBeforeThoseOfItsSite) {
    const Scopes scopes = scopes_of("", "errors = { 404 = \"a\", 500 = \"b\", 5xx = \"c\" }",
                                    "errors = { 404 = \"d\", 5xx = \"e\" }");

    EXPECT_EQ(scopes.route.errors, (Errors{
                                       {"404", "/srv/shop/d"},
                                       {"5xx", "/srv/shop/e"}
    }));
    EXPECT_EQ(scopes_of("", "errors = { 404 = \"a\" }", "errors = { 403 = \"b\" }").route.errors,
              (Errors{
                  {"403", "/srv/shop/b"},
                  {"404", "/srv/shop/a"}
    }));
}

TEST(Inheritance, WhatIsSaidOfFilesAndCompressionHoldsInRoutesUnlessTheySayElse) {
    const Config config =
        load_config(
            site_text(std::string(kSmallest) +
                      "[[site]]\nimmutable = true\ncache_control = \"no-cache\"\nexpires = \"1h\"\n"
                      "listing = true\nsymlinks = \"deny\"\ngzip = false\ngzip_level = 9\n"
                      "compression = [\"gzip\"]\nbrotli_level = 5\nzstd_level = 6\n"
                      "compression_padding = 32\n"
                      "[[site.route]]\npath = \"/a/\"\napp = \"main\"\nlisting = \"json\"\n"
                      "expires = \"off\"\ngzip = true\ngzip_types = [\"text/css\"]"))
            .value()
            .config;
    const RouteConfig& route = config.sites[0].routes[0];

    EXPECT_EQ(route.files, (FilesConfig{.cache_control = "no-cache",
                                        .immutable = true,
                                        .precompressed = true,
                                        .listing = Listing::Json,
                                        .max_ranges = 16,
                                        .symlinks = Symlinks::Deny}));
    EXPECT_EQ(route.compression, (CompressionConfig{.on = true,
                                                    .codings = {"gzip"},
                                                    .types = {"text/css"},
                                                    .min_size = 1_KiB,
                                                    .gzip_level = 9,
                                                    .brotli_level = 5,
                                                    .zstd_level = 6,
                                                    .padding = {32}}));
}

}  // namespace bundle
