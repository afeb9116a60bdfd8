#include "shared/config/development.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/config/printer.hpp"
#include "tests/shared/config/site_text.hpp"

namespace bundle {

namespace {

LoadRequest by_developer(const std::string& text) {
    LoadRequest request = site_text(text);
    request.purpose = Purpose::Development;
    return request;
}

std::vector<std::string> warnings_with(const std::string& text) {
    return load_config(site_text(kSmallest + text))->warnings;
}

}  // namespace

TEST(Development, NothingOfItIsOnByItself) {
    const auto loaded = load_config(site_text(kSmallest));

    EXPECT_EQ(loaded->config.dev, DevConfig{});
    EXPECT_EQ(loaded->config.apps[0].workers, 5U);
    EXPECT_TRUE(loaded->config.apps[0].capture_output);
}

TEST(Development, AnAppHasOneWorkerAndTimeForADebugger) {
    const auto loaded = load_config(by_developer(kSmallest));

    EXPECT_TRUE(loaded->config.dev.reload);
    EXPECT_TRUE(loaded->config.dev.tracebacks);
    const AppConfig& app = loaded->config.apps[0];
    EXPECT_EQ(app.workers, 1U);
    EXPECT_EQ(app.request_timeout, std::chrono::hours(24));
    EXPECT_EQ(app.slow_after, seconds(0));
    EXPECT_EQ(app.graceful_timeout, seconds(2));
    EXPECT_EQ(app.queue.timeout, std::chrono::hours(1));
    EXPECT_FALSE(app.capture_output);
    EXPECT_NE(loaded->config.log.access.format, "combined");
}

TEST(Development, WhatIsSaidStays) {
    LoadRequest request = by_developer(
        "[app.main]\nwsgi = \"a\"\nworkers = 3\nrequest_timeout = \"5s\"\n"
        "[dev]\nreload = false\n[log.access]\nformat = \"json\"\n");
    request.overrides = {"dev.tracebacks=false"};

    const Config config = load_config(request)->config;

    EXPECT_EQ(config.apps[0].workers, 3U);
    EXPECT_EQ(config.apps[0].request_timeout, seconds(5));
    EXPECT_EQ(config.log.access.format, "json");
    EXPECT_TRUE(config.dev.reload) << "--dev is nearer than the file";
    EXPECT_FALSE(config.dev.tracebacks) << "--set is nearer than --dev";
}

TEST(Development, TheNumberOfWorkersMayComeFromTheEnvironment) {
    LoadRequest request = by_developer(kSmallest);
    request.environment = {
        {"WEB_CONCURRENCY", "2"}
    };

    EXPECT_EQ(load_config(request)->config.apps[0].workers, 2U);
}

TEST(Development, ChildrenReadTheSame) {
    const auto loaded =
        load_config(by_developer("[app.main]\nwsgi = \"a\"\n[dev]\nwatch = [\"x/*.yaml\"]\n"));

    const auto again = load_resolved_config(print_config(loaded->config));

    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->dev, loaded->config.dev);
    EXPECT_THAT(again->dev.watch, testing::ElementsAre("/srv/shop/x/*.yaml"));
}

TEST(Development, TheOriginOfItsDefaultsIsTheFlag) {
    const auto loaded = load_config(by_developer(kSmallest));

    EXPECT_EQ(loaded->origins.at("app.main.workers").place(), "--dev");
    EXPECT_EQ(loaded->origins.at("dev.reload").place(), "--dev");
}

TEST(Development, WhereOthersCanComeThereIsAWarning) {
    EXPECT_THAT(warnings_with("[dev]\nreload = true\n"), testing::IsEmpty());
    EXPECT_THAT(warnings_with("[dev]\nreload = true\n[[listen]]\naddress = \"unix:/tmp/s\"\n"),
                testing::IsEmpty());
    EXPECT_THAT(warnings_with("[dev]\nreload = true\n[[listen]]\naddress = \":443\"\n"),
                testing::ElementsAre("site.toml:4:10: dev.reload is true, and listen.0.address is "
                                     "\":443\"; it is for the machine of a developer"));
    EXPECT_THAT(warnings_with("[dev]\ntracebacks = true\n[trust]\nproxies = [\"loopback\"]\n"),
                testing::ElementsAre("site.toml:4:14: dev.tracebacks is true, and trust.proxies "
                                     "names somebody; everybody who comes sees the app's code"));
}

TEST(Development, APatternHasALength) {
    const std::string pattern(300, 'x');

    EXPECT_THAT(problems_of(site_text(kSmallest + ("[dev]\nwatch = [\"" + pattern + "\"]\n"))),
                testing::StartsWith("site.toml:4:9: dev.watch has a pattern of 310 bytes"));
}

}  // namespace bundle
