#include "shared/config/loader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/shared/config/site_text.hpp"
#include "tests/support/temp_directory.hpp"

namespace bundle {

namespace {

using testing::HasSubstr;
using testing::StartsWith;

}  // namespace

TEST(Loader, TheSmallestFileGetsEveryDefault) {
    const auto loaded = load_config(site_text(kSmallest));

    ASSERT_TRUE(loaded) << loaded.error().message;
    const Config& config = loaded->config;
    ASSERT_EQ(config.listen.size(), 1U);
    EXPECT_EQ(config.listen[0].address, "127.0.0.1:8000");
    EXPECT_EQ(config.http.head_timeout, seconds(15));
    EXPECT_EQ(config.http.max_body, 10_MiB);
    ASSERT_EQ(config.apps.size(), 1U);
    EXPECT_EQ(config.apps[0].name, "main");
    EXPECT_EQ(config.apps[0].directory, "/srv/shop");
    EXPECT_EQ(config.apps[0].workers, 5U) << "2 x 2 cores + 1";
    EXPECT_EQ(config.apps[0].queue.max, 512U);
    ASSERT_EQ(config.sites.size(), 1U);
    EXPECT_EQ(config.sites[0].app, "main");
    EXPECT_EQ(config.sites[0].index, std::vector<std::string>{"index.html"});
    EXPECT_EQ(config.server.run_directory, "/run/bundle");
    EXPECT_TRUE(loaded->warnings.empty());
}

TEST(Loader, ABundleStaysTheSameWhereverALinkOnItsPathLeads) {
    const TempDirectory directory;
    LoadRequest request;
    request.path = directory / "current/site.toml";
    request.uid = 54321;  // has no /run/user of its own
    const auto run_directory_of = [&](const std::string& release) {
        directory.write(release + "/site.toml", kSmallest);
        std::filesystem::remove(directory / "current");
        std::filesystem::create_directory_symlink(directory / release, directory / "current");
        return load_config(request).value().config.server.run_directory;
    };

    EXPECT_EQ(run_directory_of("41"), run_directory_of("42"));
}

TEST(Loader, WorkersOfAHugeMachineStayWithinTheirRange) {
    LoadRequest request = site_text(kSmallest);
    request.cores = UINT32_MAX;

    EXPECT_EQ(load_config(request).value().config.apps[0].workers, 512U);
}

TEST(Loader, AppsKeepTheOrderOfTheFile) {
    const auto loaded = load_config(
        site_text("[app.z]\nwsgi = \"z\"\n[app.a]\nwsgi = \"a\"\n[[site]]\napp = \"a\""));

    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(loaded->config.apps[0].name, "z");
    EXPECT_EQ(loaded->config.apps[1].name, "a");
}

TEST(Loader, PathsBecomeAbsolute) {
    const auto loaded =
        load_config(site_text("[app.main]\nwsgi = \"a\"\ndirectory = "
                              "\"../blog/./src/\"\npython_path = [\"lib\", \"/opt/lib/\"]\n"
                              "[[listen]]\naddress = \"unix:run/web.sock\"\n[log]\npath = "
                              "\"error.log\"\naccess.path = \"off\""));

    ASSERT_TRUE(loaded) << loaded.error().message;
    const Config& config = loaded->config;
    EXPECT_EQ(config.apps[0].directory, "/srv/blog/src");
    EXPECT_EQ(config.apps[0].python_path, (std::vector<std::string>{"/srv/shop/lib", "/opt/lib"}));
    EXPECT_EQ(config.listen[0].address, "unix:/srv/shop/run/web.sock");
    EXPECT_EQ(config.log.path, "/srv/shop/error.log");
    EXPECT_EQ(config.log.access.path, "off");
}

TEST(Loader, EveryValueKnowsWhereItComesFrom) {
    LoadRequest request =
        site_text("[app.main]\nwsgi = \"a\"\nworkers = 2\n[http]\nhead_timeout = 5");
    request.environment = {
        {"BUNDLE_HTTP__MAX_BODY", "1M"},
        {"PORT",                  "80"}
    };
    request.overrides = {"app.main.workers=4"};

    const auto origins = load_config(request).value().origins;

    EXPECT_EQ(origins.at("http.head_timeout").comment(), "site.toml:5");
    EXPECT_EQ(origins.at("http.max_body").comment(), "environment BUNDLE_HTTP__MAX_BODY");
    EXPECT_EQ(origins.at("app.main.workers").comment(), "--set app.main.workers");
    EXPECT_EQ(origins.at("listen.0.address").comment(), "environment PORT");
    EXPECT_FALSE(origins.contains("http.max_headers"));
}

TEST(Loader, WithoutAFileThereIsOneAppInItsFolder) {
    LoadRequest request = request_without_file("hello:make('x', n=1)", "/srv/hello");
    request.demand = Demand::WellFormed;

    const auto loaded = load_config(request);

    ASSERT_TRUE(loaded) << loaded.error().message;
    ASSERT_EQ(loaded->config.apps.size(), 1U);
    EXPECT_EQ(loaded->config.apps[0].wsgi, "hello:make('x', n=1)");
    EXPECT_EQ(loaded->config.apps[0].directory, "/srv/hello");
}

TEST(Loader, ASyntaxErrorHasItsPlace) {
    EXPECT_THAT(problems_of(site_text("[app.main]\nwsgi = \"a")), StartsWith("site.toml:2:"));
    EXPECT_THAT(problems_of(site_text("[app.main]\nwsgi = \"a\"\n[app.main]\n")),
                testing::AllOf(StartsWith("site.toml:3:"), HasSubstr("redefine")));
    EXPECT_THAT(problems_of(site_text("[http]\nmax_headers = 9\nmax_headers = 9")),
                StartsWith("site.toml:3:"));
}

TEST(Loader, TheExamplesAreWellFormed) {
    std::size_t count = 0;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(BUNDLE_SOURCE_DIR "/conf")) {
        if (entry.path().extension() != ".toml") continue;
        LoadRequest request;
        request.path = entry.path();
        request.demand = Demand::WellFormed;
        EXPECT_EQ(problems_of(request), "");
        ++count;
    }
    EXPECT_GT(count, 0U);
}

TEST(Loader, AResolvedTextLooksAtNoOtherFile) {
    const auto config = load_resolved_config(std::string("include = [\"/etc/*\"]\n") + kSmallest);

    ASSERT_FALSE(config);
    EXPECT_THAT(config.error().message, StartsWith("configuration:1:1: include is unknown"));
}

}  // namespace bundle
