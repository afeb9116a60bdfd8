#include "shared/master/served_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "tests/support/temp_directory.hpp"

namespace bundle {

namespace {

using testing::HasSubstr;

constexpr const char* kApp = "[app.main]\nwsgi = \"hello:app\"\n";

// A working directory with a site.toml, to which the test returns from.
class ServedFileTest : public testing::Test {
  protected:
    ServedFileTest() : before_(std::filesystem::current_path()) {
        write("one", kApp);
        std::filesystem::create_directory_symlink(directory_ / "one", directory_ / "current");
        enter(directory_ / "current");
    }
    ~ServedFileTest() override { enter(before_); }

    void write(const std::string& release, const std::string& text) {
        directory_.write(release + "/site.toml", text);
    }
    static void enter(const std::filesystem::path& folder) {
        std::filesystem::current_path(folder);
        setenv("PWD", folder.c_str(), 1);
    }
    static LoadRequest request() {
        LoadRequest request;
        request.path = "site.toml";
        return request;
    }
    static Config serving() { return load_config(request()).value().config; }

    TempDirectory directory_;

  private:
    std::filesystem::path before_;
};

}  // namespace

TEST_F(ServedFileTest, TheWorkingDirectoryIsFoundAnewByItsName) {
    const ServedFile file(request(), BUNDLE_FAKE_PROGRAMS);
    const Config before = serving();
    write("two", std::string(kApp) + "threads = 2\n");
    std::filesystem::remove(directory_ / "current");
    std::filesystem::create_directory_symlink(directory_ / "two", directory_ / "current");

    const auto reading = file.read_again(before);

    ASSERT_TRUE(reading) << reading.error().message;
    EXPECT_EQ(reading->loaded.config.apps.front().threads, 2U);
    EXPECT_EQ(reading->loaded.config.server.run_directory, before.server.run_directory);
    EXPECT_EQ(reading->loaded.config.control.path, before.control.path);
}

TEST_F(ServedFileTest, WhatCannotChangeIsAMistakeOfTheFile) {
    const ServedFile file(request(), BUNDLE_FAKE_PROGRAMS);
    const Config before = serving();
    write("one", std::string(kApp) + "[server]\nrun_directory = \"/tmp/elsewhere\"\n");

    const auto reading = file.read_again(before);

    ASSERT_FALSE(reading);
    EXPECT_THAT(reading.error().message,
                HasSubstr("site.toml:4:17: server.run_directory cannot change while bundle runs"));
}

TEST_F(ServedFileTest, AMistakeIsToldAsAtTheStart) {
    const ServedFile file(request(), BUNDLE_FAKE_PROGRAMS);
    const Config before = serving();
    write("one", std::string(kApp) + "wrokers = 2\n");

    const auto reading = file.read_again(before);

    ASSERT_FALSE(reading);
    EXPECT_THAT(reading.error().message, HasSubstr("did you mean workers?"));
}

}  // namespace bundle
