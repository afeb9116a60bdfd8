#include "shared/master/sources/folder_poll.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_directory.hpp"

namespace bundle {

using testing::ElementsAre;
using testing::IsEmpty;

namespace {

namespace fs = std::filesystem;

}  // namespace

TEST(FolderPoll, SeesWhatComesChangesOrGoesBetweenTwoLooks) {
    const TempDirectory directory;
    const fs::path old = directory.write("shop/old.py", "1");
    directory.write("shop/notes.txt", "");
    const SourceRules rules(Config(), "");
    const std::vector<SourcePlace> places = {
        {directory.path(), Depth::WithFolders}
    };
    FolderPoll poll;
    EXPECT_THAT(poll.look(rules, places), IsEmpty()) << "the first look";
    EXPECT_THAT(poll.look(rules, places), IsEmpty());

    const fs::path fresh = directory.write("shop/fresh.py", "1");
    EXPECT_THAT(poll.look(rules, places), ElementsAre(fresh));
    directory.write("shop/old.py", "longer");
    EXPECT_THAT(poll.look(rules, places), ElementsAre(old));
    fs::remove(old);
    EXPECT_THAT(poll.look(rules, places), ElementsAre(old));
}

TEST(FolderPoll, APlaceMoreIsNoChange) {
    const TempDirectory directory;
    const TempDirectory more;
    const fs::path file = directory.write("a.py", "1");
    more.write("b.py", "1");
    const SourceRules rules(Config(), "");
    std::vector<SourcePlace> places = {
        {directory.path(), Depth::WithFolders}
    };
    FolderPoll poll;
    poll.look(rules, places);

    places.push_back({more.path(), Depth::Alone});
    directory.write("a.py", "longer");

    EXPECT_THAT(poll.look(rules, places), ElementsAre(file));
}

}  // namespace bundle
