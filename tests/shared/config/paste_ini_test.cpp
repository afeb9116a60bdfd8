#include "shared/config/paste_ini.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bundle::config {

namespace {

using testing::ElementsAre;

std::string file_and_section(const std::string& paste) {
    AppConfig app;
    app.directory = "/srv/wiki";
    app.paste = paste;
    const PasteName name = paste_name(app);
    return name.file + " " + name.section;
}

}  // namespace

TEST(PasteIni, ItsNameBeginsAtTheDirectoryAndEndsWithASection) {
    EXPECT_EQ(file_and_section("production.ini"), "/srv/wiki/production.ini main");
    EXPECT_EQ(file_and_section("../etc/site.ini#admin"), "/srv/etc/site.ini admin");
    EXPECT_EQ(file_and_section("/etc/site.ini#a#b"), "/etc/site.ini a#b");
}

TEST(PasteIni, ItsApplicationsAreThoseThatPasteDeployTakesForOne) {
    EXPECT_THAT(paste_applications(
                    "; [app:no]\r\n[app:main]\r\nuse = egg:wiki\r\n[DEFAULT]\n[server:main]\n"
                    "[filter:gzip]\n [composite: urls ] ; all\n[pipeline:p]\n[filter-app:f]\n"
                    "[application:x:y]\n[composit:c]\n[app]\n[app:open\n[]\n]:[\n"),
                ElementsAre("main", "urls", "p", "f", "x:y", "c"));
    EXPECT_THAT(paste_applications(""), ElementsAre());
    EXPECT_THAT(paste_applications("["), ElementsAre());
    EXPECT_THAT(paste_applications("[app:]"), ElementsAre(""));
}

}  // namespace bundle::config
