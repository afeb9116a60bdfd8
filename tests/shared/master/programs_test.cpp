#include "shared/master/programs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_directory.hpp"

namespace bundle {

namespace {

using testing::AllOf;
using testing::HasSubstr;

AppConfig app_with(const std::string& virtualenv) {
    AppConfig app;
    app.name = "shop";
    app.virtualenv = virtualenv;
    return app;
}

}  // namespace

TEST(Programs, InTheBuildTreeTheyStandBesideBundle) {
    const TempDirectory tree;
    tree.write("bin/bundle-front", "");
    tree.write("bin/bundle-backend-3.9", "");
    tree.write("bin/bundle-backend-3.11", "");
    tree.write("bin/bundle-backend-3.x", "");
    tree.write("bin/bundle-backend-", "");

    const auto programs = find_programs(tree / "bin");

    ASSERT_TRUE(programs) << programs.error().message;
    EXPECT_EQ(programs->front, tree / "bin/bundle-front");
    ASSERT_EQ(programs->backends.size(), 2);
    EXPECT_EQ(programs->backends[0].python.text(), "3.11") << "the newest comes first";
    EXPECT_EQ(programs->backends[1].python.text(), "3.9");
}

TEST(Programs, InstalledTheyStandInLibexec) {
    const TempDirectory tree;
    tree.write("bin/bundle", "");
    tree.write("libexec/bundle/bundle-front", "");
    tree.write("libexec/bundle/bundle-backend-3.11", "");

    const auto programs = find_programs(tree / "bin");

    ASSERT_TRUE(programs) << programs.error().message;
    EXPECT_EQ(programs->front, tree / "libexec/bundle/bundle-front");
    EXPECT_EQ(programs->backends.front().path, tree / "libexec/bundle/bundle-backend-3.11");
}

TEST(Programs, AMissingOneIsToldWithThePlacesThatWereSearched) {
    const TempDirectory tree;
    tree.write("bin/bundle", "");

    const auto none = find_programs(tree / "bin");
    tree.write("bin/bundle-front", "");
    const auto no_backend = find_programs(tree / "bin");

    ASSERT_FALSE(none);
    EXPECT_THAT(none.error().message,
                AllOf(HasSubstr("bundle-front is missing"), HasSubstr((tree / "bin").string()),
                      HasSubstr((tree / "libexec/bundle").string())));
    ASSERT_FALSE(no_backend);
    EXPECT_THAT(no_backend.error().message, HasSubstr("no bundle-backend-X.Y"));
}

TEST(Programs, AnApplicationGetsTheBackendOfItsVirtualenvElseTheNewest) {
    const TempDirectory tree;
    tree.write("venv/pyvenv.cfg", "home = /usr/bin\nversion = 3.9.2\n");
    const Programs programs{
        "front", {{{3, 12}, "a"}, {{3, 9}, "b"}}
    };

    EXPECT_EQ(backend_for(app_with(tree / "venv"), programs)->path, "b");
    EXPECT_EQ(backend_for(app_with(""), programs)->path, "a");
}

TEST(Programs, AVirtualenvOfAnotherPythonIsRefusedWithBothVersions) {
    const TempDirectory tree;
    tree.write("venv/pyvenv.cfg", "version_info = 3.13.0\n");
    const Programs programs{
        "front", {{{3, 12}, "a"}, {{3, 9}, "b"}}
    };

    const auto backend = backend_for(app_with(tree / "venv"), programs);

    ASSERT_FALSE(backend);
    EXPECT_THAT(backend.error().message,
                AllOf(HasSubstr("app.shop.virtualenv"), HasSubstr("was made for Python 3.13"),
                      HasSubstr("runs Python 3.12, 3.9"), HasSubstr("python3.12 -m venv")));
}

TEST(Programs, AFolderThatIsNoVirtualenvIsRefused) {
    const TempDirectory tree;

    const auto backend = backend_for(app_with(tree.path()), {"front", {{{3, 12}, "a"}}});

    ASSERT_FALSE(backend);
    EXPECT_THAT(backend.error().message, HasSubstr("is not a virtualenv"));
}

}  // namespace bundle
