#include "shared/master/run_directory.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temp_directory.hpp"

namespace bundle {

namespace {

using testing::AllOf;
using testing::HasSubstr;

mode_t mode_of(const std::filesystem::path& path) {
    struct stat file {};
    EXPECT_EQ(stat(path.c_str(), &file), 0);
    return file.st_mode & 0777U;
}

}  // namespace

TEST(RunDirectory, IsMadeForPassingThroughAndGoneAtTheEnd) {
    const TempDirectory parent;
    const std::filesystem::path path = parent / "run";
    {
        const auto directory = RunDirectory::claim(path);

        ASSERT_TRUE(directory) << directory.error().message;
        EXPECT_EQ(mode_of(path), 0711U);
    }
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(RunDirectory, OneThatWasThereStaysAndIsLeftEmpty) {
    const TempDirectory path;
    {
        const auto directory = RunDirectory::claim(path.path());
        ASSERT_TRUE(directory);
        const auto workers =
            directory->listen_for_workers("workers.sock", RunDirectory::WorkersAre::OurUser);
        ASSERT_TRUE(workers) << workers.error().message;
        EXPECT_EQ(mode_of(path / "workers.sock"), 0600U);
    }
    EXPECT_TRUE(std::filesystem::is_empty(path.path()));
}

TEST(RunDirectory, WorkersOfOtherUsersMayConnect) {
    const TempDirectory path;
    const auto directory = RunDirectory::claim(path.path());
    ASSERT_TRUE(directory);

    const auto workers =
        directory->listen_for_workers("workers.sock", RunDirectory::WorkersAre::AnyUser);

    ASSERT_TRUE(workers) << workers.error().message;
    EXPECT_EQ(mode_of(path / "workers.sock"), 0666U);
}

TEST(RunDirectory, ASecondMasterIsRefusedWithThePidOfTheFirst) {
    const TempDirectory path;
    const auto first = RunDirectory::claim(path.path());
    ASSERT_TRUE(first);

    const auto second = RunDirectory::claim(path.path());

    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().message,
                HasSubstr(fmt::format("is in use by a bundle with pid {};", getpid())));
}

TEST(RunDirectory, ALockOfADeadMasterIsTakenOver) {
    const TempDirectory path;
    path.write("master.lock", "4711\n");

    EXPECT_TRUE(RunDirectory::claim(path.path()));
}

TEST(RunDirectory, OneThatEveryoneCanWriteToIsRefused) {
    const TempDirectory path;
    ASSERT_EQ(chmod(path.path().c_str(), 0777), 0);

    const auto directory = RunDirectory::claim(path.path());

    ASSERT_FALSE(directory);
    EXPECT_THAT(directory.error().message, HasSubstr("can be written by everyone"));
    EXPECT_EQ(mode_of(path.path()), 0777U) << "it may be /tmp";
}

TEST(RunDirectory, AFolderThatIsMissingAboveItIsNamed) {
    const TempDirectory parent;

    const auto directory = RunDirectory::claim(parent / "none/run");

    ASSERT_FALSE(directory);
    EXPECT_THAT(directory.error().message,
                HasSubstr("there is no folder " + (parent / "none").string()));
}

TEST(RunDirectory, APathThatIsTooLongForASocketIsExplained) {
    const TempDirectory parent;
    const std::string path = parent / std::string(100, 'x');
    const auto directory = RunDirectory::claim(path);
    ASSERT_TRUE(directory);

    const auto workers =
        directory->listen_for_workers("workers.sock", RunDirectory::WorkersAre::OurUser);

    ASSERT_FALSE(workers);
    EXPECT_THAT(workers.error().message, AllOf(HasSubstr("server.run_directory"),
                                               HasSubstr("at most 107"), HasSubstr("shorter")));
}

TEST(PidFile, HoldsOurPidUntilTheEnd) {
    const TempDirectory directory;
    const std::string path = directory / "bundle.pid";
    {
        const auto pid_file = PidFile::write(path);

        ASSERT_TRUE(pid_file) << pid_file.error().message;
        pid_t pid = 0;
        std::ifstream(path) >> pid;
        EXPECT_EQ(pid, getpid());
    }
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(PidFile, OneThatSomebodyElseHasWrittenSinceStays) {
    const TempDirectory directory;
    const std::string path = directory / "bundle.pid";
    {
        const auto pid_file = PidFile::write(path);
        ASSERT_TRUE(pid_file);
        directory.write("bundle.pid", "1\n");
    }
    EXPECT_TRUE(std::filesystem::exists(path));
}

}  // namespace bundle
