#include "shared/master/upgrade/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>

#include "tests/support/temp_directory.hpp"

namespace bundle {

using testing::ElementsAre;

TEST(CommandLine, AProgramWithASlashIsThatOne) {
    TempDirectory folder;
    folder.write("bundle", "");
    const std::string path = folder / "bundle";

    EXPECT_EQ(program_of({path, "serve"}, "/other"), path);
    EXPECT_EQ(program_of({path + "-gone", "serve"}, "/other"), "/other");
}

TEST(CommandLine, AProgramWithoutOneIsLookedForInThePath) {
    TempDirectory folder;
    folder.write("bundle", "");
    const std::string path = folder / "bundle";
    const std::string before = std::getenv("PATH");
    setenv("PATH", ("/nowhere:" + folder.path().string()).c_str(), 1);

    EXPECT_EQ(program_of({"bundle", "serve"}, "/other"), "/other") << "it cannot be executed";
    chmod(path.c_str(), 0755);
    EXPECT_EQ(program_of({"bundle", "serve"}, "/other"), path);

    setenv("PATH", before.c_str(), 1);
}

TEST(CommandLine, TheStateOfTheUpgradeBeforeIsLeftOut) {
    const CommandLine words = {"bundle", "serve", "--take-over=7", "--conf", "site.toml"};

    EXPECT_THAT(with_state(words, kTakeOverOption, 9),
                ElementsAre("bundle", "serve", "--conf", "site.toml", "--take-over=9"));
}

}  // namespace bundle
