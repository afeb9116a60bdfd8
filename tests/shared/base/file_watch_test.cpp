#include "shared/base/file_watch.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <filesystem>

#include "tests/support/temp_directory.hpp"

namespace bundle {

using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

// What a watch has noticed by now; inotify tells at once.
bool notices(FileWatch& watch, FileWatch::Moment now = FileWatch::Moment(1h)) {
    pollfd waiting{watch.fd(), POLLIN, 0};
    if (poll(&waiting, 1, 0) <= 0) return false;
    watch.take(now);
    return watch.due().has_value();
}

}  // namespace

TEST(FileWatch, TellsOfAFileThatIsWrittenMovedOverOrRemoved) {
    const TempDirectory directory;
    const fs::path file = directory.write("a.pem", "1");
    const auto expect_told = [&](auto change) {
        FileWatch watch;
        watch.watch({file});
        EXPECT_FALSE(notices(watch));
        change();
        EXPECT_TRUE(notices(watch));
    };

    expect_told([&] { directory.write("a.pem", "2"); });
    expect_told([&] { fs::rename(directory.write("b.pem", "3"), file); });
    expect_told([&] { fs::remove(file); });
}

TEST(FileWatch, WhatElseHappensInTheFolderIsNotTold) {
    const TempDirectory directory;
    FileWatch watch;
    watch.watch({directory.write("a.pem", "1")});

    directory.write("access.log", "2");

    EXPECT_FALSE(notices(watch));
}

TEST(FileWatch, TellsOfALinkOnTheWayThatLeadsElsewhere) {
    const TempDirectory directory;
    // As Kubernetes mounts secrets: tls.crt -> ..data/tls.crt, ..data -> ..1
    directory.write("..1/tls.crt", "1");
    directory.write("..2/tls.crt", "2");
    fs::create_directory_symlink("..1", directory / "..data");
    fs::create_symlink("..data/tls.crt", directory / "tls.crt");
    FileWatch watch;
    watch.watch({directory / "tls.crt"});

    fs::create_directory_symlink("..2", directory / "new");
    fs::rename(directory / "new", directory / "..data");

    EXPECT_TRUE(notices(watch));
}

TEST(FileWatch, WaitsUntilItIsQuietButNotForEver) {
    const TempDirectory directory;
    const fs::path file = directory.write("a.pem", "1");
    FileWatch watch;
    watch.watch({file});
    const FileWatch::Moment start{1h};

    directory.write("a.pem", "2");
    ASSERT_TRUE(notices(watch, start));
    EXPECT_FALSE(watch.is_due(start));
    directory.write("a.pem", "3");
    ASSERT_TRUE(notices(watch, start + 400ms));
    EXPECT_FALSE(watch.is_due(start + FileWatch::kQuiet));
    directory.write("a.pem", "4");
    ASSERT_TRUE(notices(watch, start + FileWatch::kLongest - 1ms));

    EXPECT_TRUE(watch.is_due(start + FileWatch::kLongest));
    EXPECT_FALSE(watch.is_due(start + FileWatch::kLongest));
    EXPECT_EQ(watch.due(), std::nullopt);
}

TEST(FileWatch, NothingToWatchIsNothingToTell) {
    FileWatch watch;
    watch.watch({});
    EXPECT_EQ(watch.fd(), -1);
}

}  // namespace bundle
