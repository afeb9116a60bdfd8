// The master with real processes: serve() runs in a child of the test, fake_child.cpp is its front
// and its backend.
#include "shared/master/serve.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <array>
#include <chrono>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <regex>

#include "shared/base/exit_status.hpp"
#include "shared/base/owned_fd.hpp"
#include "tests/support/temp_directory.hpp"

namespace bundle {

namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using Clock = std::chrono::steady_clock;

constexpr auto kDeadline = 20s;

bool readable(const OwnedFd& fd, Clock::time_point until) {
    pollfd waiting{fd.get(), POLLIN, 0};
    const auto left = std::chrono::ceil<milliseconds>(until - Clock::now());
    return poll(&waiting, 1, static_cast<int>(std::max<milliseconds::rep>(left.count(), 0))) == 1;
}

// A pid that was not found is -1, and kill(-1) ends every process that we may signal.
void end(pid_t pid) {
    ASSERT_GT(pid, 0);
    kill(pid, SIGKILL);
}

bool ends(pid_t pid) {
    const OwnedFd process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
    return !process || readable(process, Clock::now() + kDeadline);
}

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

class Serve : public testing::Test {
  protected:
    Serve() {
        Config& config = loaded_.config;
        config.server.name = "test";
        config.server.run_directory = directory_ / "run";
        config.server.temp_directory = directory_.path();
        config.server.drain_timeout = 30s;
        ListenConfig& listener = config.listen.emplace_back();
        listener.address = "127.0.0.1:0";
        listener.backlog = 16;
        config.control = {directory_ / "control.sock", 0600};
        config.log.path = "-";
        config.log.access.path = "off";
        AppConfig app;
        app.name = "main";
        app.wsgi = "shop:app";
        app.directory = directory_.path();
        app.workers = 1;
        config.apps.push_back(app);
        config.sites.emplace_back().app = "main";
    }

    ~Serve() override {
        if (master_ <= 0) return;
        kill(master_, SIGKILL);
        waitpid(master_, nullptr, 0);
    }

    void start(const std::map<std::string, std::string>& environment = {}) {
        std::array<int, 2> ends{};
        ASSERT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
        stderr_ = OwnedFd(ends[0]);
        OwnedFd input(ends[1]);
        master_ = fork();
        if (master_ != 0) return;
        prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that is killed leaves nobody behind
        dup2(input.get(), STDERR_FILENO);
        for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
        _exit(serve({}, loaded_, BUNDLE_FAKE_PROGRAMS, {}));
    }

    // The first line that matches and that no call has taken yet, as its groups: lines of several
    // processes come in any order.
    std::smatch wait_for(const std::string& pattern) {
        const std::regex wanted(pattern);
        const auto until = Clock::now() + kDeadline;
        for (;;) {
            for (Line& line : lines_) {
                std::smatch found;
                if (line.taken || !std::regex_search(line.text, found, wanted)) continue;
                line.taken = true;
                return found;
            }
            if (!read_lines(until)) break;
        }
        ADD_FAILURE() << "no line matches " << pattern << " in:\n" << everything();
        return {};
    }

    pid_t wait_for_pid(const std::string& pattern) {
        const std::smatch found = wait_for(pattern);
        return found.size() > 1 ? std::stoi(found[1]) : -1;
    }

    std::string everything() {
        std::string text;
        for (const Line& line : lines_) text += line.text + '\n';
        return text;
    }

    // Everything that was said to the end is in everything() afterwards.
    int exit_status() {
        const auto until = Clock::now() + kDeadline;
        while (read_lines(until)) {
        }
        if (!ends(master_)) return -1;
        int status = -1;
        waitpid(master_, &status, 0);
        master_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    void signal(int number) const {
        ASSERT_GT(master_, 0);
        kill(master_, number);
    }

    TempDirectory directory_;
    LoadedConfig loaded_;
    pid_t master_ = -1;

  private:
    struct Line {
        std::string text;
        bool taken = false;
    };

    bool read_lines(Clock::time_point until) {
        if (!readable(stderr_, until)) return false;
        std::array<char, 4096> piece{};
        const ssize_t got = read(stderr_.get(), piece.data(), piece.size());
        if (got <= 0) return false;
        partial_.append(piece.data(), static_cast<std::size_t>(got));
        for (std::size_t end = 0; (end = partial_.find('\n')) != std::string::npos;) {
            lines_.push_back({partial_.substr(0, end)});
            partial_.erase(0, end + 1);
        }
        return true;
    }

    OwnedFd stderr_;
    std::string partial_;
    std::deque<Line> lines_;  // found ones stay where they are
};

}  // namespace

TEST_F(Serve, StartsEveryoneWithJustTheirDescriptorsAndSaysReady) {
    start();
    wait_for("master\\[\\d+\\] ready$");
    signal(SIGTERM);
    EXPECT_EQ(exit_status(), kExitWell);

    EXPECT_THAT(everything(),
                testing::ContainsRegex("front pid=[0-9]+ descriptors=0,1,2,3,4,5,6,7,8,9\n"));
    EXPECT_THAT(
        everything(),
        testing::ContainsRegex("backend main workers.sock 1 pid=[0-9]+ descriptors=0,1,2,3,4,5\n"));
    EXPECT_THAT(everything(), testing::ContainsRegex("listening: http://127.0.0.1:[1-9][0-9]+\n"));
    EXPECT_THAT(everything(),
                AllOf(HasSubstr("app main: shop:app"), HasSubstr("app main: 1/1 workers")));
}

TEST_F(Serve, AFrontThatDiesIsStartedAgainWithTheSameListeners) {
    start();
    const pid_t front = wait_for_pid("^front pid=(\\d+)");
    wait_for(" ready$");

    end(front);

    wait_for(fmt::format("error .*front died pid={} signal=SIGKILL .*, starting it again$", front));
    EXPECT_NE(wait_for_pid("^front pid=(\\d+) descriptors=0,1,2,3,4,5,6,7,8,9$"), front);
    signal(SIGTERM);
    EXPECT_EQ(exit_status(), kExitWell);
}

TEST_F(Serve, AnArbiterThatDiesIsStartedAgain) {
    start();
    const pid_t arbiter = wait_for_pid("^backend main workers.sock 1 pid=(\\d+)");
    wait_for(" ready$");

    end(arbiter);

    wait_for(fmt::format("main arbiter died pid={} signal=SIGKILL", arbiter));
    EXPECT_NE(wait_for_pid("^backend main workers.sock 1 pid=(\\d+)"), arbiter);
    signal(SIGTERM);
    EXPECT_EQ(exit_status(), kExitWell);
}

TEST_F(Serve, TermDrainsTheFrontBeforeTheApplicationsAndLeavesNothingBehind) {
    start();
    wait_for(" ready$");

    signal(SIGTERM);

    EXPECT_EQ(exit_status(), kExitWell);
    EXPECT_THAT(everything(), testing::ContainsRegex("front drains\n(.*\n)*backend drains\n"));
    EXPECT_FALSE(std::filesystem::exists(directory_ / "run"));
}

TEST_F(Serve, IntHurriesEveryone) {
    start();
    wait_for(" ready$");

    signal(SIGINT);

    EXPECT_EQ(exit_status(), kExitWell);
    EXPECT_THAT(everything(), AllOf(HasSubstr("front hurries\n"), HasSubstr("backend hurries\n")));
}

TEST_F(Serve, WhoDoesNotObeyIsKilled) {
    start({
        {"FAKE_FRONT",   "stubborn"},
        {"FAKE_BACKEND", "stubborn"}
    });
    wait_for(" ready$");

    signal(SIGTERM);
    wait_for("^front drains$");
    signal(SIGINT);  // a second SIGTERM would be the same wish as the first
    wait_for("^front hurries$");
    signal(SIGTERM);

    EXPECT_EQ(exit_status(), kExitWell);
    EXPECT_THAT(everything(), HasSubstr("front does not leave, killing it"));
}

TEST_F(Serve, AnApplicationThatCannotBeLoadedEndsItWithTheWholeReason) {
    start({
        {"FAKE_BACKEND", "cannot load"}
    });

    EXPECT_EQ(exit_status(), kExitAppNotLoaded);
    EXPECT_THAT(everything(),
                AllOf(HasSubstr("no module named shop\n"), HasSubstr("import path: /srv\n")));
}

TEST_F(Serve, AnUpgradeToAProgramThatIsNotThereChangesNothing) {
    start();
    wait_for(" ready$");

    signal(SIGUSR2);

    wait_for("upgrade failed; what served before goes on serving");
    signal(SIGTERM);
    EXPECT_EQ(exit_status(), kExitWell);
}

TEST_F(Serve, WhenTheMasterIsKilledItsChildrenEndToo) {
    start();
    const pid_t front = wait_for_pid("^front pid=(\\d+)");
    wait_for(" ready$");

    signal(SIGKILL);

    EXPECT_TRUE(ends(front));
    exit_status();
}

TEST_F(Serve, WithALogFileTheScreenStaysWithTheStartReport) {
    loaded_.config.log.path = directory_ / "error.log";
    start();
    wait_for("^ready$");
    signal(SIGTERM);
    EXPECT_EQ(exit_status(), kExitWell);

    EXPECT_THAT(everything(), testing::Not(HasSubstr("front pid=")));
    const std::string log = text_of(directory_ / "error.log");
    EXPECT_THAT(log, AllOf(HasSubstr("front pid="), HasSubstr(" ready\n"), HasSubstr("SIGTERM")));
}

TEST_F(Serve, AVirtualenvOfAnotherPythonIsRefusedAsConfiguration) {
    directory_.write("venv/pyvenv.cfg", "version = 3.2.0\n");
    loaded_.config.apps.front().virtualenv = directory_ / "venv";
    start();

    EXPECT_EQ(exit_status(), kExitUsage);
    EXPECT_THAT(everything(), HasSubstr("was made for Python 3.2"));
}

TEST_F(Serve, TheTitleOfAProcessMayBeLongerThanItsArguments) {
    start();
    const pid_t front = wait_for_pid("^front pid=(\\d+)");
    wait_for(" ready$");

    EXPECT_STREQ(text_of(fmt::format("/proc/{}/cmdline", front)).c_str(),
                 "bundle-front: fake, with a title longer than its arguments");
    EXPECT_EQ(text_of(fmt::format("/proc/{}/comm", front)), "bundle-front\n");
    signal(SIGINT);
    EXPECT_EQ(exit_status(), kExitWell);
}

}  // namespace bundle
