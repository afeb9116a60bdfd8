#include "shared/master/sources/folder_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_directory.hpp"

namespace bundle {

using testing::Contains;
using testing::IsEmpty;

namespace {

namespace fs = std::filesystem;

class FolderWatchTest : public testing::Test {
  protected:
    FolderWatchTest() { EXPECT_TRUE(watch->add({directory.path(), Depth::WithFolders})); }

    // The kernel tells at once.
    std::vector<fs::path> told() { return *watch->take(rules); }

    TempDirectory directory;
    SourceRules rules{Config(), ""};
    Result<FolderWatch> watch = FolderWatch::open();
};

}  // namespace

TEST_F(FolderWatchTest, TellsOfAFileThatComesChangesOrGoes) {
    EXPECT_THAT(told(), IsEmpty());

    const fs::path file = directory.write("a.py", "1");
    EXPECT_THAT(told(), Contains(file));
    directory.write("a.py", "2");
    EXPECT_THAT(told(), Contains(file));
    fs::rename(directory.write("a.py.tmp", "3"), file);
    EXPECT_THAT(told(), Contains(file));
    fs::remove(file);
    EXPECT_THAT(told(), Contains(file));
    directory.write("notes.txt", "");
    EXPECT_THAT(told(), IsEmpty());
}

TEST_F(FolderWatchTest, AFolderThatComesIsWatchedWithAllThatIsInItAlready) {
    const fs::path first = directory.write("new/deep/a.py", "1");

    EXPECT_THAT(told(), Contains(first));
    const fs::path second = directory.write("new/deep/b.py", "1");
    EXPECT_THAT(told(), Contains(second));
}

TEST_F(FolderWatchTest, AFolderThatIsNotLookedIntoIsNotWhenItComesEither) {
    directory.write("__pycache__/a.py", "1");
    directory.write(".git/a.py", "1");

    EXPECT_THAT(told(), IsEmpty());
    EXPECT_EQ(watch->size(), 1U);
}

TEST_F(FolderWatchTest, AFolderThatIsMadeAgainIsWatchedAgain) {
    directory.write("shop/a.py", "1");
    told();

    fs::remove_all(directory / "shop");
    const fs::path file = directory.write("shop/a.py", "2");
    told();
    directory.write("shop/a.py", "3");

    EXPECT_THAT(told(), Contains(file));
}

TEST_F(FolderWatchTest, AFolderOfItsOwnIsWatchedAlone) {
    const TempDirectory other;
    other.write("deep/a.py", "1");
    ASSERT_TRUE(watch->add({other.path(), Depth::Alone}));

    other.write("deep/b.py", "1");
    EXPECT_THAT(told(), IsEmpty());
    const fs::path file = other.write("c.py", "1");
    EXPECT_THAT(told(), Contains(file));
}

TEST_F(FolderWatchTest, WhatIsNotThereIsNoError) {
    EXPECT_TRUE(watch->add({directory / "nothing", Depth::WithFolders}));
}

}  // namespace bundle
