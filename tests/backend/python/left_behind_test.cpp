// Where the application is imported: once in the arbiter, or in each worker.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/base/exit_status.hpp"
#include "tests/support/backend_process.hpp"

namespace bundle {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

// Answers with the process that imported it.
constexpr const char* kPlain = R"(
import os
importer = os.getpid()

def app(environ, start_response):
    start_response("200 OK", [])
    return [b"here" if importer == os.getpid() else b"arbiter"]
)";

constexpr const char* kThread = R"(
import threading
threading.Thread(target=threading.Event().wait, name="watcher", daemon=True).start()
)";

constexpr const char* kSocket = R"(
import socket
listener = socket.create_server(("127.0.0.1", 0))
)";

constexpr const char* kFails = "raise RuntimeError('no database')\n";

template <Preload preload>
void set_preload(AppConfig& app, const TempDirectory& /*directory*/) {
    app.preload = preload;
}

std::string imported_by(BackendProcess& backend) {
    FakeLink worker = backend.front().accept();
    worker.introduction();
    return worker.get("/").body;
}

TEST(Preload, AnApplicationThatLeavesNothingBehindIsImportedOnce) {
    BackendProcess backend({.module = kPlain});

    EXPECT_EQ(imported_by(backend), "arbiter");
    EXPECT_THAT(backend.log(), Not(HasSubstr("behind")));
}

TEST(Preload, AThreadMakesEachWorkerImportForItself) {
    BackendProcess backend({.module = std::string(kThread) + kPlain, .workers = 2});

    EXPECT_EQ(imported_by(backend), "here");
    EXPECT_EQ(imported_by(backend), "here");
    EXPECT_THAT(backend.log(), HasSubstr("warn shop arbiter"));
    EXPECT_THAT(backend.log(), HasSubstr("left 1 thread (watcher) behind"));
}

TEST(Preload, SoDoesASocket) {
    BackendProcess backend({.module = std::string(kSocket) + kPlain});

    EXPECT_EQ(imported_by(backend), "here");
    EXPECT_THAT(backend.log(), ContainsRegex("left 1 socket \\(127.0.0.1:[0-9]+\\) behind"));
}

TEST(Preload, TrueForksAllTheSameAndSaysSo) {
    BackendProcess backend(
        {.module = std::string(kThread) + kPlain, .adjust = set_preload<Preload::Yes>});

    EXPECT_EQ(imported_by(backend), "arbiter");
    EXPECT_THAT(backend.log(), HasSubstr("preload = true, though"));
}

TEST(Preload, FalseImportsInEachWorkerFromTheStart) {
    BackendProcess backend({.module = kPlain, .adjust = set_preload<Preload::No>});

    EXPECT_EQ(imported_by(backend), "here");
    EXPECT_THAT(backend.log(), Not(HasSubstr("behind")));
}

TEST(Preload, AnImportThatFailsInTheFirstWorkerEndsTheBackend) {
    BackendProcess backend({.module = kFails, .adjust = set_preload<Preload::No>});
    EXPECT_EQ(backend.told().type, wire::ControlType::Ready);
    EXPECT_EQ(backend.told().type, wire::ControlType::WorkerEnded);

    const wire::ControlMessage failed = backend.told();

    EXPECT_EQ(failed.type, wire::ControlType::Failed);
    EXPECT_EQ(failed.count, static_cast<std::uint32_t>(kExitAppNotLoaded));
    EXPECT_EQ(backend.wait_for_exit(), kExitAppNotLoaded);
    EXPECT_THAT(backend.log(), HasSubstr("RuntimeError: no database"));
}

}  // namespace
}  // namespace bundle
