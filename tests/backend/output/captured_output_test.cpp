#include "backend/output/captured_output.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/backend_process.hpp"

namespace bundle {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kTalks = R"(
import os, subprocess, sys

print("imported")

def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/print":
        print("to", "stdout")
        print("to stderr", file=sys.stderr)
    if path == "/write":
        os.write(2, b"past Python\n")
    if path == "/begin":
        print("begun", end="")
        os.write(2, b"begun past Python")
    if path == "/lines":
        print("user\nname", "rest")
        print("after")
    if path == "/program":
        subprocess.run(["/bin/echo", "said by a program"])
    if path == "/crash":
        import ctypes
        ctypes.string_at(0)
    start_response("200 OK", [])
    return [b""]
)";

TEST(Output, WhatAnApplicationPrintsIsARecordWithTheRequest) {
    BackendProcess backend({.module = kTalks});
    FakeLink worker = backend.front().accept();
    worker.introduction();

    worker.get("/print");

    EXPECT_THAT(backend.log(), ContainsRegex("info shop arbiter\\[[0-9]+\\] stdout imported\n"));
    EXPECT_THAT(
        backend.log(),
        ContainsRegex("info shop worker 0\\[[0-9]+\\] stdout request_id=request-1 to stdout\n"));
    EXPECT_THAT(
        backend.log(),
        ContainsRegex("warn shop worker 0\\[[0-9]+\\] stderr request_id=request-1 to stderr\n"));
}

TEST(Output, WhatIsWrittenPastPythonIsTheWorkersToo) {
    BackendProcess backend({.module = kTalks});
    FakeLink worker = backend.front().accept();
    const Introduction introduction = worker.introduction();
    const std::string name = "info shop worker 0[" + std::to_string(introduction.pid) + "] output";

    worker.get("/write");
    worker.get("/program");

    backend.await_log("past Python\n");
    backend.await_log("said by a program\n");
    EXPECT_THAT(backend.log(), HasSubstr(name));
}

TEST(Output, ALineWithoutAnEndIsLoggedWhenItsRequestEnds) {
    BackendProcess backend({.module = kTalks});
    FakeLink worker = backend.front().accept();
    worker.introduction();

    worker.get("/begin");
    backend.await_log("begun past Python\n");  // though nothing follows
    worker.get("/print");

    EXPECT_THAT(backend.log(), HasSubstr("stdout request_id=request-1 begun\n"));
    EXPECT_THAT(backend.log(), HasSubstr("stdout request_id=request-2 to stdout\n"));
}

TEST(Output, APrintOfTwoLinesIsTwoRecords) {
    BackendProcess backend({.module = kTalks});
    FakeLink worker = backend.front().accept();
    worker.introduction();

    worker.get("/lines");

    EXPECT_THAT(backend.log(), ContainsRegex("stdout request_id=request-1 user\n.*"
                                             "stdout request_id=request-1 name rest\n.*"
                                             "stdout request_id=request-1 after\n"));
}

TEST(Output, ACrashTellsWhereItWasBeforeItsDeathIsTold) {
    BackendProcess backend({.module = kTalks});
    FakeLink worker = backend.front().accept();
    worker.introduction();

    worker.send_request("/crash");

    FakeLink next = backend.front().accept();
    EXPECT_THAT(backend.log(),
                ContainsRegex("error shop worker 0\\[[0-9]+\\] output( request_id=request-1)? "
                              "Fatal Python error(.*\n)*.*error .*site_app.py(.*\n)*.*worker died "
                              "slot=0"));
}

TEST(Output, IsLeftAloneWhenNobodyWantsItCaptured) {
    BackendProcess backend({.module = kTalks, .adjust = [](AppConfig& app, const TempDirectory&) {
                                app.capture_output = false;
                            }});
    FakeLink worker = backend.front().accept();
    worker.introduction();

    worker.get("/print");
    worker.get("/write");

    EXPECT_THAT(backend.log(), HasSubstr("\nto stdout\n"));
    EXPECT_THAT(backend.log(), HasSubstr("\npast Python\n"));
    EXPECT_THAT(backend.log(), Not(HasSubstr(" stdout ")));
}

}  // namespace
}  // namespace bundle
