#include "shared/config/machine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/shared/config/site_text.hpp"
#include "tests/support/temp_directory.hpp"

namespace bundle {

namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr uid_t kSomeone = 54321;

LoadRequest here(const TempDirectory& directory, const std::string& text) {
    LoadRequest request = site_text(kSmallest + text);
    request.folder = directory.path();
    request.uid = kSomeone;
    request.demand = Demand::ServableHere;
    return request;
}

}  // namespace

TEST(Machine, FoldersThatAreMissingAreTold) {
    const TempDirectory directory;
    directory.write("file", "");

    const std::string told =
        problems_of(here(directory,
                         "directory = \"gone\"\nvirtualenv = \"file\"\n"
                         "[[site]]\nroot = \"gone\"\n"
                         "[[site.route]]\npath = \"/a/\"\ndirectory = \"file\"\n"
                         "[server]\ntemp_directory = \"gone\"\npid_file = \"gone/bundle.pid\"\n"
                         "[log]\npath = \"gone/error.log\"\naccess.path = \"gone/access.log\"\n"
                         "[[listen]]\naddress = \"unix:gone/bundle.sock\""));

    for (const char* option :
         {"app.main.directory", "app.main.virtualenv", "site.0.root", "site.0.route.0.directory",
          "server.temp_directory", "server.pid_file", "log.path", "log.access.path",
          "listen.0.address"})
        EXPECT_THAT(told, HasSubstr(std::string(": ") + option + " is ")) << told;
}

TEST(Machine, AFolderWithoutPyvenvIsNoVirtualEnvironment) {
    const TempDirectory directory;
    directory.write("bare/x", "");
    directory.write("venv/pyvenv.cfg", "version = 3.11.2");

    EXPECT_THAT(problems_of(here(directory, "virtualenv = \"bare\"")),
                HasSubstr("it has no pyvenv.cfg"));
    EXPECT_EQ(problems_of(here(directory, "virtualenv = \"venv\"")), "");
}

TEST(Machine, AnIniFileIsThereAndHasTheApplication) {
    const TempDirectory directory;
    directory.write("etc/site.ini", "[composite:main]\n[app:wiki]\n[server:main]\n");
    directory.write("etc/none.ini", "[server:main]\n");
    const std::string folder = directory.path();
    const auto told = [&](const std::string& paste) {
        LoadRequest request = here(directory, "");
        request.text = "[app.main]\ndirectory = \"etc\"\npaste = \"" + paste + "\"\n";
        return problems_of(request);
    };

    EXPECT_EQ(told("site.ini"), "");
    EXPECT_EQ(told("../etc/site.ini#wiki"), "");
    EXPECT_EQ(told("site.ini#egg:wiki"), "");
    EXPECT_EQ(told("gone.ini#wiki"), "site.toml:3:9: app.main.paste is \"gone.ini#wiki\", but " +
                                         folder + "/etc/gone.ini is no file");
    EXPECT_EQ(told("site.ini#wki"), "site.toml:3:9: app.main.paste is \"site.ini#wki\", but " +
                                        folder +
                                        "/etc/site.ini has no [app:wki]; its applications are "
                                        "main, wiki");
    EXPECT_EQ(told("none.ini"), "site.toml:3:9: app.main.paste is \"none.ini\", but " + folder +
                                    "/etc/none.ini has no [app:main]");
}

TEST(Machine, UsersAndGroupsThatAreMissingAreTold) {
    const TempDirectory directory;

    EXPECT_EQ(
        problems_of(here(directory,
                         "user = \"no-such-user\"\ngroup = \"no-such-group\"\n"
                         "[[listen]]\naddress = \"unix:a.sock\"\nowner = \"root:no-such-group\"")),
        "site.toml:3:8: app.main.user is \"no-such-user\", but there is no such user\n"
        "site.toml:4:9: app.main.group is \"no-such-group\", but there is no such group\n"
        "site.toml:7:9: listen.0.owner is \"no-such-group\", but there is no such group");
}

TEST(Machine, RootIsWarnedThatEverythingRunsAsRoot) {
    const TempDirectory directory;
    LoadRequest request = here(directory, "");
    const auto about_root = Contains(HasSubstr("runs as root"));

    EXPECT_THAT(load_config(request).value().warnings, Not(about_root));
    request.uid = 0;
    EXPECT_THAT(load_config(request).value().warnings, about_root);
}

TEST(Machine, APlaceForModulesMayBeMissing) {
    const TempDirectory directory;

    const auto loaded = load_config(here(directory, "python_path = [\"gone\"]"));

    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_THAT(loaded->warnings, Contains(HasSubstr("gone, which is no folder")));
}

}  // namespace bundle
