#include "shared/master/sources/source_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_directory.hpp"

namespace bundle {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

namespace {

Config config_with(const std::string& directory, std::vector<std::string> patterns = {}) {
    Config config;
    config.apps.emplace_back().directory = directory;
    config.dev.watch = std::move(patterns);
    return config;
}

}  // namespace

TEST(SourceRules, CodeTemplatesAndTheConfigurationCount) {
    const SourceRules rules(config_with("/srv/shop"), "/srv/site.toml");

    for (const char* file : {"/srv/shop/views.py", "/x/lib/six.py", "/srv/site.toml",
                             "/srv/shop/templates/base.html", "/srv/shop/a/templates/b/c.txt"})
        EXPECT_TRUE(rules.counts(file)) << file;
    for (const char* file :
         {"/srv/shop/db.sqlite3", "/srv/shop/views.pyc", "/srv/shop/static/a.css",
          "/srv/other.toml", "/srv/shop/.#views.py", "/srv/shop/.views.py.swp", "/srv/shop/#a.py#",
          "/srv/shop/templates/base.html~", "/srv/shop/templates/.base.html.swp",
          "/srv/shop/templates/4913"})
        EXPECT_FALSE(rules.counts(file)) << file;
}

TEST(SourceRules, WhatTheConfigurationIncludesCountsAndWhatItWouldInclude) {
    const SourceRules rules(Config(), "/srv/site.toml", {"/srv/conf.d/*.toml", "/etc/more.toml"});

    EXPECT_TRUE(rules.counts("/srv/conf.d/new.toml"));
    EXPECT_TRUE(rules.counts("/etc/more.toml"));
    EXPECT_FALSE(rules.counts("/etc/other.toml"));
    EXPECT_THAT(rules.places(), ElementsAre(SourcePlace{"/srv", Depth::Alone},
                                            SourcePlace{"/srv/conf.d", Depth::Alone},
                                            SourcePlace{"/etc", Depth::Alone}));
}

TEST(SourceRules, FilesThatAnAppNamesCountWhereverTheyAre) {
    Config config = config_with("/srv/wiki");
    config.apps[0].paste = "../etc/site.ini#main";
    config.apps[0].logconfig = "/etc/logging.ini";
    const SourceRules rules(config, "");

    EXPECT_TRUE(rules.counts("/srv/etc/site.ini"));
    EXPECT_TRUE(rules.counts("/etc/logging.ini"));
    EXPECT_FALSE(rules.counts("/srv/wiki/other.ini"));
    EXPECT_THAT(rules.places(), ElementsAre(SourcePlace{"/srv/wiki", Depth::WithFolders},
                                            SourcePlace{"/srv/etc", Depth::Alone},
                                            SourcePlace{"/etc", Depth::Alone}));
}

TEST(SourceRules, PatternsCountAtAnyDepthThatTheySay) {
    const SourceRules rules(config_with("/srv/shop", {"/etc/shop/*.yaml", "/srv/pages/**/*.md"}),
                            "");

    EXPECT_TRUE(rules.counts("/etc/shop/a.yaml"));
    EXPECT_TRUE(rules.counts("/etc/shop/.hidden.yaml"));
    EXPECT_FALSE(rules.counts("/etc/shop/b/a.yaml"));
    EXPECT_TRUE(rules.counts("/srv/pages/a.md"));
    EXPECT_TRUE(rules.counts("/srv/pages/b/c/a.md"));
}

TEST(SourceRules, PlacesAreThoseOfAppsPatternsAndTheFile) {
    Config config = config_with("/srv/shop", {"/etc/shop/*.yaml", "/srv/pages/**/*.md", "/x/*/y"});
    config.apps[0].python_path = {"/srv/lib"};

    EXPECT_THAT(
        SourceRules(config, "/srv/site.toml").places(),
        ElementsAre(
            SourcePlace{"/srv", Depth::Alone}, SourcePlace{"/srv/shop", Depth::WithFolders},
            SourcePlace{"/srv/lib", Depth::WithFolders}, SourcePlace{"/etc/shop", Depth::Alone},
            SourcePlace{"/srv/pages", Depth::WithFolders}, SourcePlace{"/x", Depth::WithFolders}));
}

TEST(SourceRules, VersionsPackagesAndBytecodeAreNotLookedInto) {
    const TempDirectory directory;
    for (const char* file : {"shop/views.py", "shop/__pycache__/views.pyc", ".git/hooks/x.py",
                             "node_modules/gyp/x.py", "env/pyvenv.cfg", "env/lib/x.py"})
        directory.write(file, "");
    std::filesystem::create_directory_symlink("..", directory / "shop/circle");
    std::vector<std::filesystem::path> found;

    for_each_folder({directory.path(), Depth::WithFolders},
                    [&](const auto& folder) { found.push_back(folder); });

    EXPECT_THAT(found, UnorderedElementsAre(directory.path(), directory / "shop"));
}

}  // namespace bundle
