#include "shared/base/virtualenv.hpp"

#include <gtest/gtest.h>

namespace bundle {
namespace {

TEST(Virtualenv, TheVersionIsReadAsEachToolWritesIt) {
    constexpr PythonVersion kExpected{3, 11};

    EXPECT_EQ(version_in_pyvenv("home = /usr/bin\nversion = 3.11.2\nexecutable = x\n"), kExpected);
    EXPECT_EQ(version_in_pyvenv("home = /usr/bin\nimplementation = CPython\n"
                                "version_info = 3.11.2.final.0\nvirtualenv = 20.17.1\n"),
              kExpected);
    EXPECT_EQ(version_in_pyvenv("uv = 0.4.0\r\nversion_info=3.11\r\n"), kExpected);
}

TEST(Virtualenv, AnOddFileHasNoVersion) {
    for (const char* text : {"", "version", "version =", "version = three", "version = 3",
                             "version = 3.", "version = 3.x", "Version = 3.11.2"})
        EXPECT_EQ(version_in_pyvenv(text), std::nullopt) << text;
}

TEST(Virtualenv, AFolderThatIsNoVirtualenvIsNamed) {
    const auto version = version_of_virtualenv("/nonexistent/venv");

    ASSERT_FALSE(version);
    EXPECT_EQ(version.error().message,
              "/nonexistent/venv is not a virtualenv: /nonexistent/venv/pyvenv.cfg: "
              "No such file or directory");
}

}  // namespace
}  // namespace bundle
