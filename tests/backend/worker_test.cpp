#include "backend/worker.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <string>

#include "tests/support/backend_process.hpp"

namespace bundle {
namespace {

using testing::HasSubstr;

constexpr const char* kPrints = R"(
import atexit, os

@atexit.register
def say_goodbye():
    print("goodbye from", os.environ["TEST_DIRECTORY"])

def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/print":
        print("printed", path)
    start_response("200 OK", [])
    return [path.encode()]
)";

TEST(Worker, ServesOneRequestAfterTheOther) {
    BackendProcess backend({.module = kPrints});
    FakeLink worker = backend.front().accept();
    worker.introduction();

    for (const char* path : {"/a", "/b", "/c"}) {
        const WorkerAnswer answer = worker.get(path);
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.body, path);
        EXPECT_EQ(answer.outcome, wire::Outcome::Complete);
    }

    EXPECT_EQ(wire::read_text(backend.row(0).request_line), "GET /c");
    EXPECT_EQ(wire::read_text(backend.row(0).request_id), "request-3");
}

TEST(Worker, StaysWhenTheFrontIsGoneAndServesTheNext) {
    BackendProcess backend({.module = kPrints});
    pid_t pid = 0;
    {
        FakeLink first = backend.front().accept();
        pid = first.introduction().pid;
        EXPECT_EQ(first.get("/one").body, "/one");
    }

    FakeLink second = backend.front().accept();

    EXPECT_EQ(second.introduction().pid, pid);
    EXPECT_EQ(second.get("/two").body, "/two");
}

TEST(Worker, ARequestThatArrivedBeforeSigtermIsServed) {
    BackendProcess backend({.module = kPrints});
    FakeLink worker = backend.front().accept();
    const pid_t pid = worker.introduction().pid;
    EXPECT_EQ(worker.get("/one").body, "/one");
    kill(pid, SIGSTOP);

    worker.send_request("/two");
    kill(pid, SIGTERM);
    kill(pid, SIGCONT);

    EXPECT_EQ(worker.answer().body, "/two");
    worker.expect_end();
}

TEST(Worker, TakesNoRequestThatItWouldNotServe) {
    BackendProcess backend({.module = kPrints});
    FakeLink worker = backend.front().accept();
    const pid_t pid = worker.introduction().pid;

    kill(pid, SIGTERM);
    worker.expect_end();

    EXPECT_THROW(worker.send_request("/late"), std::runtime_error);
}

TEST(Worker, SkipsWhatWasTakenBackAndWhatItDoesNotKnow) {
    BackendProcess backend({.module = kPrints});
    FakeLink worker = backend.front().accept();
    worker.introduction();
    EXPECT_EQ(worker.get("/one").body, "/one");
    std::string unknown;
    wire::append_header(
        unknown, {.length = 3, .type = static_cast<wire::FrameType>(99), .flags = 0, .stream = 0});
    unknown += "new";

    worker.send_request("/taken-back", FakeLink::Offer::TakenBack);
    worker.send(unknown);

    EXPECT_EQ(worker.get("/two").body, "/two");
}

TEST(Worker, LeavesWhenTheFrontDrainsIt) {
    BackendProcess backend({.module = kPrints});
    FakeLink worker = backend.front().accept();
    worker.introduction();
    std::string frame;
    wire::encode_drain(frame);

    worker.send(frame);

    worker.expect_end();
    FakeLink next = backend.front().accept();
    EXPECT_THAT(backend.log(), HasSubstr("worker left slot=0"));
}

TEST(Worker, AFrontThatSpeaksNonsenseIsLeft) {
    BackendProcess backend({.module = kPrints});
    FakeLink worker = backend.front().accept();
    const pid_t pid = worker.introduction().pid;

    worker.send(std::string(64, '\xff'));

    worker.expect_end();
    FakeLink next = backend.front().accept();
    EXPECT_EQ(next.introduction().pid, pid);
}

TEST(Worker, ThreadsOfTheApplicationRunWhileItWaits) {
    BackendProcess backend({.module = R"(
import sys, threading

def say_it():
    print("said by a thread", file=sys.stderr)

def app(environ, start_response):
    threading.Timer(0.05, say_it).start()
    start_response("200 OK", [])
    return [b""]
)"});
    FakeLink worker = backend.front().accept();
    worker.introduction();

    worker.get("/");

    backend.await_log("said by a thread");
}

TEST(Worker, RunsExitFunctionsAndFlushesWhatWasPrinted) {
    BackendProcess backend({.module = kPrints});
    FakeLink worker = backend.front().accept();
    const pid_t pid = worker.introduction().pid;
    worker.get("/print");

    kill(pid, SIGTERM);

    FakeLink next = backend.front().accept();
    EXPECT_THAT(backend.log(), HasSubstr("printed /print\n"));
    EXPECT_THAT(backend.log(), HasSubstr("goodbye from " + backend.directory().path().string()));
}

constexpr const char* kForks = R"(
import multiprocessing, os, sys, time

def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/exit":
        child = os.fork()
        if child == 0:
            sys.exit(7)
        said = str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    elif path == "/return":
        child = os.fork()
        said = "the child's" if child == 0 else str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    elif path == "/terminate":
        process = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,))
        process.start()
        process.terminate()
        process.join()
        said = str(process.exitcode)
    elif path == "/outlives":
        child = os.fork()
        if child == 0:
            os.read(os.open(os.environ["TEST_DIRECTORY"] + "/gate", os.O_RDONLY), 1)
            os._exit(0)
        said = str(child)
    start_response("200 OK", [])
    return [said.encode()]
)";

TEST(Worker, AChildOfTheApplicationIsNoWorker) {
    BackendProcess backend({.module = kForks});
    FakeLink worker = backend.front().accept();
    worker.introduction();

    EXPECT_EQ(worker.get("/exit").body, "7");
    EXPECT_EQ(worker.get("/return").body, "0");
    EXPECT_EQ(worker.get("/terminate").body, "-15");
    EXPECT_EQ(worker.get("/exit").body, "7");
}

TEST(Worker, AChildThatOutlivesItDoesNotHideItsDeath) {
    BackendProcess backend({.module = kForks});
    ASSERT_EQ(mkfifo((backend.directory() / "gate").c_str(), 0600), 0);
    FakeLink worker = backend.front().accept();
    const pid_t pid = worker.introduction().pid;
    const WorkerAnswer answer = worker.get("/outlives");

    const OwnedFd child(static_cast<int>(syscall(SYS_pidfd_open, std::stoi(answer.body), 0)));

    kill(pid, SIGKILL);

    worker.expect_end();
    const OwnedFd gate(open((backend.directory() / "gate").c_str(), O_RDWR | O_CLOEXEC));
    EXPECT_EQ(write(gate.get(), ".", 1), 1);  // lets the child go
    pollfd ends{child.get(), POLLIN, 0};
    EXPECT_EQ(poll(&ends, 1, 20'000), 1) << "it may open its end of the gate late";
}

}  // namespace
}  // namespace bundle
