#include "tests/support/backend_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>

#include "shared/config/loader.hpp"
#include "shared/config/printer.hpp"
#include "shared/wire/inherited.hpp"
#include "tests/support/deadline.hpp"

namespace bundle {

namespace {

OwnedFd memory_with(const std::string& text) {
    OwnedFd memory(memfd_create("config", MFD_CLOEXEC));
    if (write(memory.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        throw std::runtime_error("write the configuration");
    return memory;
}

Config smallest_config(const std::string& folder) {
    auto loaded = load_config({.path = "site.toml",
                               .text = "[app.shop]\nwsgi = \"site_app:app\"\n",
                               .folder = folder,
                               .overrides = {"server.run_directory=" + folder},
                               .environment = {}});
    if (!loaded) throw std::runtime_error(loaded.error().message);
    return std::move(loaded->config);
}

// Between fork and exec. The numbers are duplicated out of the way first: one may be another's
// goal.
[[noreturn]] void become_backend(const std::array<int, 4>& given) {
    std::array<int, 4> away{};
    for (std::size_t i = 0; i < given.size(); ++i) away[i] = fcntl(given[i], F_DUPFD, 20);
    dup2(away[0], STDERR_FILENO);
    dup2(away[1], wire::kControlFd);
    dup2(away[2], wire::kConfigFd);
    dup2(away[3], wire::kScoreboardFd);
    for (const int fd : away) close(fd);
    execl(BUNDLE_BACKEND, BUNDLE_BACKEND, "shop", wire::kWorkerSocketName, "7", nullptr);
    _exit(127);
}

}  // namespace

BackendProcess::BackendProcess(const Plan& plan)
    : scoreboard_(*wire::Scoreboard::create(plan.workers + 1)) {
    directory_.write("site_app.py", plan.module);
    Config config = smallest_config(directory_.path());
    AppConfig& app = config.apps.front();
    app.workers = plan.workers;
    app.graceful_timeout = kTestDeadline;
    app.env["TEST_DIRECTORY"] = directory_.path();
    plan.adjust(app, directory_);
    start(config);
}

void BackendProcess::start(const Config& config) {
    const OwnedFd configuration = memory_with(print_config(config));
    const OwnedFd log(
        open((directory_ / "log").c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600));
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
        throw std::runtime_error("make a control socket");
    control_ = OwnedFd(ends[0]);
    const OwnedFd theirs(ends[1]);
    pid_ = fork();
    if (pid_ == 0) become_backend({log.get(), theirs.get(), configuration.get(), scoreboard_.fd()});
    process_ = OwnedFd(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
}

BackendProcess::~BackendProcess() {
    if (pid_ == 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
}

wire::ControlMessage BackendProcess::told() {
    for (;;) {
        await_readable(control_.get(), "the arbiter to say something");
        auto message = wire::receive_control(control_.get());
        if (!message || !*message) throw std::runtime_error("the arbiter says nothing: " + log());
        if ((*message)->type != wire::ControlType::Alive) return std::move(**message);
    }
}

void BackendProcess::tell(wire::ControlType type) {
    if (!wire::send_control(control_.get(), {.type = type, .app = "shop", .text = {}}))
        throw std::runtime_error("the arbiter does not listen");
}

int BackendProcess::wait_for_exit() {
    await_readable(process_.get(), "bundle-backend to end");
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void BackendProcess::await_log(const std::string& text) const {
    await_condition("\"" + text + "\" in the log",
                    [&] { return log().find(text) != std::string::npos; });
}

void BackendProcess::await_state(std::size_t slot, wire::WorkerState state) const {
    await_condition("another state of a worker", [&] { return row(slot).state == state; });
}

std::string BackendProcess::log() const {
    std::ifstream file(directory_ / "log");
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace bundle
