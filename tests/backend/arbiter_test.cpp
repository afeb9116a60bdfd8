#include "backend/arbiter.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <set>

#include "tests/support/backend_process.hpp"

namespace bundle {
namespace {

using testing::HasSubstr;

constexpr const char* kHello = R"(
def app(environ, start_response):
    start_response("200 OK", [])
    return [b"hello " + environ["PATH_INFO"].encode()]
)";

// Answers "/wait" after it read a byte from the fifo "gate"; other paths at once.
constexpr const char* kWaits = R"(
import os

def app(environ, start_response):
    if environ["PATH_INFO"] == "/wait":
        with open(os.environ["TEST_DIRECTORY"] + "/gate", "rb", buffering=0) as gate:
            gate.read(1)
    start_response("200 OK", [])
    return [b"done"]
)";

class Gate {
  public:
    explicit Gate(const BackendProcess& backend) {
        const std::string path = backend.directory() / "gate";
        if (mkfifo(path.c_str(), 0600) != 0) throw std::runtime_error("make a fifo");
        fifo_ = OwnedFd(open(path.c_str(), O_RDWR | O_CLOEXEC));  // both ways: waits for nobody
    }
    void let_one_through() const {
        if (write(fifo_.get(), "!", 1) != 1) throw std::runtime_error("write to a fifo");
    }

  private:
    OwnedFd fifo_;
};

// A worker that is in "/wait", behind a gate.
class WaitingWorker {
  public:
    explicit WaitingWorker(BackendProcess& backend)
        : gate_(backend), link_(backend.front().accept()), pid_(link_.introduction().pid) {
        link_.send_request("/wait");
        backend.await_state(0, wire::WorkerState::Busy);
    }
    WorkerAnswer answer() {
        gate_.let_one_through();
        return link_.answer();
    }
    FakeLink& link() { return link_; }
    [[nodiscard]] pid_t pid() const { return pid_; }

  private:
    Gate gate_;
    FakeLink link_;
    pid_t pid_;
};

TEST(Arbiter, TellsTheMasterWhenTheApplicationIsLoaded) {
    BackendProcess backend({.module = kHello});

    const auto message = backend.told();

    EXPECT_EQ(message.type, wire::ControlType::Ready);
    EXPECT_EQ(message.app, "shop");
}

TEST(Arbiter, StartsAsManyWorkersAsTheConfigurationSays) {
    BackendProcess backend({.module = kHello, .workers = 3});
    std::set<std::uint32_t> slots;
    std::vector<FakeLink> workers;  // kept: one whose connection ends connects again

    for (int i = 0; i < 3; ++i) {
        workers.push_back(backend.front().accept());
        const Introduction introduction = workers.back().introduction();
        EXPECT_EQ(introduction.app, "shop");
        EXPECT_EQ(introduction.generation, 7U);
        EXPECT_EQ(backend.row(introduction.slot).pid, static_cast<std::uint32_t>(introduction.pid));
        slots.insert(introduction.slot);
    }

    EXPECT_EQ(slots, (std::set<std::uint32_t>{0, 1, 2}));
}

TEST(Arbiter, AKilledIdleWorkerIsReplacedInItsSlot) {
    BackendProcess backend({.module = kHello});
    FakeLink first = backend.front().accept();
    const Introduction killed = first.introduction();

    kill(killed.pid, SIGKILL);

    FakeLink second = backend.front().accept();
    const Introduction introduction = second.introduction();
    EXPECT_NE(introduction.pid, killed.pid);
    EXPECT_EQ(introduction.slot, killed.slot);
    EXPECT_EQ(second.get("/again").body, "hello /again");
    EXPECT_THAT(backend.log(), HasSubstr("signal=SIGKILL"));
}

TEST(Arbiter, ADeathIsLoggedWithTheRequestThatWasRunning) {
    BackendProcess backend({.module = kWaits});
    WaitingWorker worker(backend);
    EXPECT_EQ(worker.answer().body, "done");
    backend.await_state(0, wire::WorkerState::Idle);
    worker.link().send_request("/wait");
    backend.await_state(0, wire::WorkerState::Busy);

    kill(worker.pid(), SIGXCPU);  // a signal that no sanitizer takes for itself

    backend.front().accept();
    EXPECT_THAT(backend.log(), HasSubstr("signal=SIGXCPU"));
    EXPECT_THAT(backend.log(), HasSubstr("served=1 request=\"GET /wait\" request_id=request-2"));
}

TEST(Arbiter, KillsAWorkerWhoseRequestHasPassedItsDeadlineAndSaysWhereItStood) {
    BackendProcess backend({.module = kWaits, .adjust = [](AppConfig& app, const TempDirectory&) {
                                app.request_timeout = milliseconds(1000);
                            }});
    Gate gate(backend);
    FakeLink worker = backend.front().accept();
    worker.introduction();
    worker.send_request("/wait", FakeLink::Offer::Stands,
                        std::chrono::steady_clock::now() + milliseconds(500));

    worker.expect_end();
    backend.front().accept();
    EXPECT_THAT(backend.log(), HasSubstr("site_app.py\", line 7 in app"));
    EXPECT_THAT(backend.log(), HasSubstr("signal=SIGKILL sent_by=bundle why=request_timeout"));
}

TEST(Arbiter, DrainLetsTheRunningRequestFinish) {
    BackendProcess backend({.module = kWaits});
    WaitingWorker worker(backend);
    EXPECT_EQ(backend.told().type, wire::ControlType::Ready);

    backend.tell(wire::ControlType::Drain);

    EXPECT_EQ(worker.answer().body, "done");
    worker.link().expect_end();
    EXPECT_EQ(backend.wait_for_exit(), 0);
    EXPECT_EQ(backend.log().find("died"), std::string::npos);
}

TEST(Arbiter, DrainKillsWhoDoesNotFinishInTime) {
    BackendProcess backend({.module = kWaits, .adjust = [](AppConfig& app, const TempDirectory&) {
                                app.graceful_timeout = milliseconds(50);
                            }});
    WaitingWorker worker(backend);

    backend.tell(wire::ControlType::Drain);

    EXPECT_EQ(backend.wait_for_exit(), 0);
    EXPECT_THAT(backend.log(), HasSubstr("did not leave in time, killing it slot=0"));
    EXPECT_THAT(backend.log(), HasSubstr("request=\"GET /wait\" request_id=request-1"));
    EXPECT_THAT(backend.log(), HasSubstr("line 7 in app\n"));
}

TEST(Arbiter, HurryDoesNotWaitForTheApplication) {
    BackendProcess backend({.module = kWaits});
    WaitingWorker worker(backend);
    backend.tell(wire::ControlType::Drain);

    backend.tell(wire::ControlType::Hurry);

    worker.link().expect_end();
    EXPECT_EQ(backend.wait_for_exit(), 0);
}

TEST(Arbiter, WhoRetiresLeavesItsWorkersToTheFront) {
    BackendProcess backend({.module = kWaits});
    WaitingWorker worker(backend);
    EXPECT_EQ(backend.told().type, wire::ControlType::Ready);

    backend.tell(wire::ControlType::Retire);
    backend.tell(wire::ControlType::Reloading);
    EXPECT_EQ(backend.told().type, wire::ControlType::Noted) << "it has retired by now";
    EXPECT_EQ(worker.answer().body, "done");
    std::string drain;
    wire::encode_drain(drain);
    worker.link().send(drain);

    EXPECT_EQ(backend.wait_for_exit(), 0);
    EXPECT_EQ(backend.log().find("did not leave"), std::string::npos);
}

TEST(Arbiter, WhoRetiresReplacesNobody) {
    BackendProcess backend({.module = kHello});
    FakeLink worker = backend.front().accept();
    const pid_t killed = worker.introduction().pid;
    EXPECT_EQ(backend.told().type, wire::ControlType::Ready);
    backend.tell(wire::ControlType::Retire);
    backend.tell(wire::ControlType::Reloading);
    EXPECT_EQ(backend.told().type, wire::ControlType::Noted);

    kill(killed, SIGKILL);

    EXPECT_EQ(backend.wait_for_exit(), 0);
}

TEST(Arbiter, WhoRetiresKillsWhoIsStillThereAfterItsTime) {
    BackendProcess backend({.module = kWaits, .adjust = [](AppConfig& app, const TempDirectory&) {
                                app.graceful_timeout = milliseconds(50);
                            }});
    WaitingWorker worker(backend);

    backend.tell(wire::ControlType::Retire);

    EXPECT_EQ(backend.wait_for_exit(), 0);
    EXPECT_THAT(backend.log(), HasSubstr("did not leave in time"));
}

TEST(Arbiter, DoesNotFinishALongImportWhenItIsToLeave) {
    BackendProcess backend({.module = "import threading\n"
                                      "print('importing')\n"
                                      "threading.Event().wait()\n"});
    backend.await_log("importing");

    backend.tell(wire::ControlType::Hurry);

    EXPECT_EQ(backend.wait_for_exit(), 0);
}

TEST(Arbiter, NobodySurvivesTheMaster) {
    BackendProcess backend({.module = kWaits});
    FakeLink worker = backend.front().accept();
    worker.introduction();

    backend.close_control();

    worker.expect_end();
    EXPECT_EQ(backend.wait_for_exit(), 1);
}

TEST(Arbiter, NoWorkerSurvivesItsArbiter) {
    BackendProcess backend({.module = kWaits});
    FakeLink worker = backend.front().accept();
    worker.introduction();

    kill(backend.pid(), SIGKILL);

    worker.expect_end();
}

TEST(Arbiter, TheTerminalsSignalsAreLeftToTheMaster) {
    BackendProcess backend({.module = kHello});
    FakeLink worker = backend.front().accept();
    const pid_t pid = worker.introduction().pid;

    for (const int number : {SIGINT, SIGQUIT, SIGHUP}) {
        kill(backend.pid(), number);
        kill(pid, number);
    }

    EXPECT_EQ(worker.get("/still").body, "hello /still");
    backend.tell(wire::ControlType::Drain);
    EXPECT_EQ(backend.wait_for_exit(), 0);
}

}  // namespace
}  // namespace bundle
