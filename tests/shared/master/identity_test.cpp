#include "shared/master/identity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/support/temp_directory.hpp"

namespace bundle {

namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kOther = "nobody";

}  // namespace

TEST(Identity, WithoutAUserNothingChanges) {
    const auto identity = find_identity("", "");

    ASSERT_TRUE(identity) << identity.error().message;
    EXPECT_FALSE(identity->changes);
    EXPECT_EQ(identity->uid, geteuid());
}

TEST(Identity, OurOwnUserMayBeNamedByAnyone) {
    const auto identity = find_identity(std::to_string(geteuid()), std::to_string(getegid()));

    ASSERT_TRUE(identity) << identity.error().message;
    EXPECT_FALSE(identity->changes);
}

TEST(Identity, AnUnknownUserOrGroupIsNamed) {
    EXPECT_THAT(find_identity("no-such-user", "").error().message,
                HasSubstr("no user \"no-such-user\""));
    EXPECT_THAT(find_identity("", "no-such-group").error().message,
                HasSubstr("no group \"no-such-group\""));
    EXPECT_THAT(find_owner("no-such-user:root").error().message,
                HasSubstr("no user \"no-such-user\""));
}

TEST(Identity, OnlyRootChangesTheUser) {
    const auto identity = find_identity(kOther, "");

    if (geteuid() == 0) {
        ASSERT_TRUE(identity) << identity.error().message;
        EXPECT_TRUE(identity->changes);
        EXPECT_THAT(identity->groups, testing::Contains(identity->gid));
    } else {
        ASSERT_FALSE(identity);
        EXPECT_THAT(identity.error().message,
                    HasSubstr("only root can start a process as user nobody"));
    }
}

TEST(Identity, APathThatIsNotThereIsNamedWithItsKey) {
    const TempDirectory directory;
    const auto identity = find_identity("", "");
    ASSERT_TRUE(identity);

    EXPECT_THAT(unreachable_paths(*identity,
                                  {
                                      {"site.root", directory / "none", R_OK}
    }),
                ElementsAre("site.root: there is no " + (directory / "none").string()));
    EXPECT_THAT(unreachable_paths(*identity,
                                  {
                                      {"site.root", directory.path(), R_OK | X_OK}
    }),
                IsEmpty());
}

TEST(Identity, AFolderOnTheWayThatIsClosedToTheUserIsNamed) {
    if (geteuid() != 0) GTEST_SKIP() << "only root can look as another user";
    const TempDirectory directory;
    directory.write("home/app/wsgi.py", "");
    const auto other = find_identity(kOther, "");
    ASSERT_TRUE(other);
    ASSERT_EQ(chmod(directory.path().c_str(), 0755), 0);
    const std::filesystem::path home = directory / "home";
    const std::vector<NeededPath> needed = {
        {"app.shop.directory", home / "app", R_OK | X_OK}
    };

    ASSERT_EQ(chmod(home.c_str(), 0700), 0);
    EXPECT_THAT(unreachable_paths(*other, needed),
                ElementsAre(AllOf(HasSubstr("app.shop.directory: user nobody cannot read"),
                                  HasSubstr(home.string() + " is closed to that user (mode 0700"),
                                  HasSubstr("chmod o+x " + home.string()))));
    ASSERT_EQ(chmod(home.c_str(), 0711), 0);
    EXPECT_THAT(unreachable_paths(*other, needed), IsEmpty());
}

}  // namespace bundle
