#include "shared/config/source/site_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/shared/config/site_text.hpp"
#include "tests/support/temp_directory.hpp"

namespace bundle {

namespace {

class SiteFileTest : public testing::Test {
  protected:
    LoadRequest main_file(std::string_view text) {
        LoadRequest request;
        request.path = directory_.write("site.toml", text);
        request.demand = Demand::WellFormed;
        return request;
    }
    // Problems with the name of the directory taken out.
    std::string problems(const LoadRequest& request) const {
        std::string text = problems_of(request);
        const std::string prefix = directory_.path().string() + "/";
        for (std::size_t at; (at = text.find(prefix)) != std::string::npos;)
            text.erase(at, prefix.size());
        return text;
    }

    TempDirectory directory_;
};

}  // namespace

TEST_F(SiteFileTest, IncludedFilesAreMergedInTheOrderOfTheirNames) {
    directory_.write("conf.d/20-b.toml", "[[listen]]\naddress = \":82\"\n[app.main]\nworkers = 2");
    directory_.write("conf.d/10-a.toml",
                     "[[listen]]\naddress = \":81\"\n[app.main]\nwsgi = \"a:b\"");
    directory_.write("conf.d/no.txt", "this is no TOML");

    const auto loaded = load_config(main_file(
        "include = [\"conf.d/*.toml\"]\n[[listen]]\naddress = \":80\"\n[app.main.queue]\nmax = 5"));

    ASSERT_TRUE(loaded) << loaded.error().message;
    const Config& config = loaded->config;
    ASSERT_EQ(config.listen.size(), 3U);
    EXPECT_EQ(config.listen[0].address, ":80");
    EXPECT_EQ(config.listen[1].address, ":81");
    EXPECT_EQ(config.listen[2].address, ":82");
    EXPECT_EQ(config.apps[0].wsgi, "a:b");
    EXPECT_EQ(config.apps[0].workers, 2U);
    EXPECT_EQ(config.apps[0].queue.max, 5U);
}

TEST_F(SiteFileTest, RelativePathsBeginAtTheFolderOfTheirFile) {
    directory_.write("conf.d/a.toml", "[app.main]\nwsgi = \"a:b\"\nvirtualenv = \"venv\"");

    const auto loaded =
        load_config(main_file("include = [\"conf.d/a.toml\"]\n[[site]]\nroot = \"public/\""));

    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(loaded->config.apps[0].virtualenv, directory_ / "conf.d/venv");
    EXPECT_EQ(loaded->config.apps[0].directory, directory_.path());
    EXPECT_EQ(loaded->config.sites[0].root, directory_ / "public");
}

TEST_F(SiteFileTest, AKeySetTwiceNamesBothPlaces) {
    directory_.write("a.toml", "[app.main]\nwsgi = \"a:b\"\nworkers = 2");

    EXPECT_EQ(problems(main_file("include = [\"a.toml\"]\n[app.main]\nworkers = 3")),
              "a.toml:3:1: app.main.workers is set twice; the other place is site.toml:3:11");
}

TEST_F(SiteFileTest, APatternMayMatchNothingButANameMayNot) {
    const std::string app = std::string("\n") + kSmallest;

    EXPECT_EQ(problems(main_file("include = [\"conf.d/*.toml\"]" + app)), "");
    EXPECT_EQ(problems(main_file("include = [\"gone.toml\"]" + app)),
              "site.toml:1:12: include: open gone.toml: No such file or directory");
}

TEST_F(SiteFileTest, SyntaxErrorsOfAllFilesAreTold) {
    directory_.write("a.toml", "x = = 1");
    directory_.write("b.toml", "[y");

    const std::string told = problems(main_file("include = [\"a.toml\", \"b.toml\"]\n[htp]\n"));

    EXPECT_NE(told.find("a.toml:1:5: "), std::string::npos) << told;
    EXPECT_NE(told.find("\nb.toml:1:"), std::string::npos) << told;
}

TEST_F(SiteFileTest, OnlyTheMainFileIncludes) {
    directory_.write("a.toml", "include = [\"b.toml\"]");

    EXPECT_EQ(problems(main_file(std::string("include = [\"a.toml\"]\n") + kSmallest)),
              "a.toml:1:11: include works in the main file only");
    EXPECT_EQ(problems(main_file(std::string("include = \"a.toml\"\n") + kSmallest)),
              "site.toml:1:11: include is \"a.toml\"; it must be a list of files such as "
              "[\"conf.d/*.toml\"]");
}

TEST_F(SiteFileTest, WhatIsIncludedIsToldAsPatternsWithoutLinks) {
    const std::string folder = directory_.path();
    directory_.write("real/one.toml", "");
    directory_.write("elsewhere/two.toml", "");
    std::filesystem::create_directory_symlink("real", directory_ / "conf.d");
    std::filesystem::create_symlink("../elsewhere/two.toml", directory_ / "real/two.toml");
    const auto file = [&](const char* text) {
        return config::SiteFile{directory_.write("site.toml", text), {}, folder};
    };

    EXPECT_THAT(included_by(file("include = [\"conf.d/*.toml\", \"${MORE}\"]\n[app"), {}),
                testing::IsEmpty());
    EXPECT_THAT(
        included_by(file("include = [\"conf.d/*.toml\", \"${MORE}\"]"),
                    {
                        {"MORE", "/x/y.toml"}
    }),
        testing::ElementsAre(folder + "/real/*.toml", folder + "/elsewhere/two.toml", "/x/y.toml"));
    EXPECT_THAT(included_by(file("include = 5"), {}), testing::IsEmpty());
}

TEST_F(SiteFileTest, AMissingMainFileIsAnError) {
    LoadRequest request;
    request.path = directory_ / "gone.toml";

    EXPECT_EQ(problems(request), "gone.toml: open gone.toml: No such file or directory");
}

}  // namespace bundle
