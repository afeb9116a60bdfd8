#include "shared/import/ini_file.hpp"

#include <gtest/gtest.h>

namespace bundle::imported {

namespace {

std::string error_of(std::string_view text, IniStyle style = IniStyle::Uwsgi) {
    const auto read = read_ini(text, "a.ini", style);
    return read ? "none" : read.error().message;
}

TEST(IniFile, SectionsHaveKeysWithPlacesAndTheLastOneCounts) {
    const auto read = read_ini("# no\n[uwsgi]\nmaster\nhttp = :80\n; no\nhttp = :81\r\n", "a.ini",
                               IniStyle::Uwsgi);

    ASSERT_TRUE(read);
    const IniSection* section = read->find("uwsgi");
    ASSERT_NE(section, nullptr);
    EXPECT_EQ(section->find("master")->value, "true");
    EXPECT_EQ(section->find("http")->value, ":81");
    EXPECT_EQ(section->find("http")->place.text(), "a.ini:6");
    EXPECT_EQ(section->find("https"), nullptr);
}

TEST(IniFile, LinesOfSystemdGoOnBehindABackslash) {
    const auto read =
        read_ini("[Service]\nExecStart=a \\\n  b\nUser=c", "a.ini", IniStyle::Systemd);

    ASSERT_TRUE(read);
    EXPECT_EQ(read->find("Service")->find("ExecStart")->value, "a  b");
    EXPECT_EQ(read->find("Service")->find("User")->place.line, 4U);
}

TEST(IniFile, AMistakeHasItsLine) {
    EXPECT_EQ(error_of("[a\n"), "a.ini:1: expected \"]\" at the end of \"[a\"");
    EXPECT_EQ(error_of("\na = b"), "a.ini:2: expected a [section] before \"a = b\"");
    EXPECT_EQ(error_of("[a]\nb", IniStyle::Systemd), "a.ini:2: expected \"=\" in \"b\"");
}

}  // namespace

}  // namespace bundle::imported
