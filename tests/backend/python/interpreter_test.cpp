#include "backend/python/interpreter.hpp"

#include <Python.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/backend_process.hpp"

namespace bundle {
namespace {

using testing::HasSubstr;
using testing::Not;

// Answers with the value of the expression in the path.
constexpr const char* kTells = R"(
import os, signal, sys

def app(environ, start_response):
    start_response("200 OK", [])
    return [str(eval(environ["PATH_INFO"][1:])).encode()]
)";

class Told {
  public:
    explicit Told(void (*adjust)(AppConfig&, const TempDirectory&))
        : backend_({.module = kTells, .adjust = adjust}), worker_(backend_.front().accept()) {
        worker_.introduction();
    }
    std::string value(const std::string& expression) { return worker_.get("/" + expression).body; }
    std::string directory() const { return backend_.directory().path(); }

  private:
    BackendProcess backend_;
    FakeLink worker_;
};

TEST(Interpreter, FindsItsSurroundingsAsTheConfigurationSays) {
    Told told([](AppConfig& app, const TempDirectory& directory) {
        std::filesystem::create_directory(directory / "lib");
        app.python_path = {directory / "lib"};
        app.env["GREETING"] = "hi";
        app.umask = 027;
    });

    EXPECT_EQ(told.value("os.getcwd()"), told.directory());
    EXPECT_EQ(told.value("sys.path[0]"), told.directory());
    EXPECT_EQ(told.value("sys.path[1]"), told.directory() + "/lib");
    EXPECT_EQ(told.value("os.environ['GREETING']"), "hi");
    EXPECT_EQ(told.value("oct(os.umask(0))"), "0o27");
    EXPECT_EQ(told.value("sys.argv"), "['shop']");
    EXPECT_EQ(told.value("signal.getsignal(signal.SIGPIPE) is signal.SIG_IGN"), "True");
    EXPECT_EQ(told.value("os.path.exists(sys.executable)"), "True");
}

TEST(Interpreter, LeavesNoDescriptorOfOursToItsPrograms) {
    Told told([](AppConfig&, const TempDirectory&) {});

    const std::string open_files = told.value(
        "__import__('subprocess').check_output(['/bin/ls', '-l', '/proc/self/fd'], "
        "close_fds=False)");

    EXPECT_THAT(open_files, HasSubstr("2 -> pipe:"));  // what it writes is captured
    EXPECT_THAT(open_files, Not(HasSubstr("socket:")));
    EXPECT_THAT(open_files, Not(HasSubstr("memfd:")));
    EXPECT_THAT(open_files, Not(HasSubstr("eventfd")));
}

void make_virtualenv(const std::filesystem::path& place, const std::string& version) {
    std::filesystem::create_directories(place / "bin");
    std::ofstream(place / "pyvenv.cfg") << "home = /usr/bin\nversion = " << version << "\n";
    std::filesystem::create_symlink("/usr/bin/python3", place / "bin/python");
    const auto packages =
        place / fmt::format("lib/python{}.{}/site-packages", PY_MAJOR_VERSION, PY_MINOR_VERSION);
    std::filesystem::create_directories(packages);
    std::ofstream(packages / "only_there.py") << "answer = 42\n";
}

TEST(Interpreter, UsesThePackagesOfItsVirtualenv) {
    Told told([](AppConfig& app, const TempDirectory& directory) {
        app.virtualenv = directory / "venv";
        make_virtualenv(app.virtualenv, fmt::format("{}.{}.1", PY_MAJOR_VERSION, PY_MINOR_VERSION));
    });

    EXPECT_EQ(told.value("sys.prefix"), told.directory() + "/venv");
    EXPECT_EQ(told.value("sys.executable"), told.directory() + "/venv/bin/python");
    EXPECT_EQ(told.value("__import__('only_there').answer"), "42");
}

TEST(Interpreter, AVirtualenvOfAnotherVersionIsRefusedWithBothNames) {
    BackendProcess backend(
        {.module = kTells, .adjust = [](AppConfig& app, const TempDirectory& directory) {
             app.virtualenv = directory / "venv";
             make_virtualenv(app.virtualenv, "3.5.1");
         }});

    const auto message = backend.told();

    EXPECT_EQ(message.type, wire::ControlType::Failed);
    EXPECT_THAT(message.text, HasSubstr("was made for Python 3.5, but this is 3."));
    EXPECT_EQ(backend.wait_for_exit(), 4);
}

TEST(Interpreter, AMissingDirectoryIsNamed) {
    BackendProcess backend({.module = kTells, .adjust = [](AppConfig& app, const TempDirectory&) {
                                app.directory = "/nonexistent/shop";
                            }});

    EXPECT_THAT(backend.told().text, HasSubstr("enter the directory /nonexistent/shop"));
    EXPECT_EQ(backend.wait_for_exit(), 4);
}

}  // namespace
}  // namespace bundle
