#include "shared/master/launch.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/close_range.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <cstdint>

namespace bundle {

namespace {

enum class Stage : std::uint8_t { Descriptors, User, Guard, Exec };
constexpr std::array<std::string_view, 4> kStageNames = {
    "place its descriptors", "change to its user", "tie its life to the master's", "execute it"};

struct Report {
    Stage stage{};
    int error = 0;
};

// All that the child needs, made before the fork: between fork and exec there are only system
// calls.
struct Prepared {
    int program;
    std::vector<char*> argv;
    const Identity& identity;
    std::vector<int> descriptors;
    int report;  // close-on-exec: its end without a word means that exec went well
    pid_t master;
    ProcessGroup group;
};

bool move_above(int& fd, int lowest) {
    fd = fcntl(fd, F_DUPFD_CLOEXEC, lowest);
    return fd != -1;
}

// Everything first moves out of the way: a source may lie where another one is to go.
bool place_descriptors(Prepared& child) {
    const int count = static_cast<int>(child.descriptors.size());
    if (!move_above(child.report, count) || !move_above(child.program, count)) return false;
    for (int& fd : child.descriptors) {
        if (!move_above(fd, count)) return false;
    }
    int place = 0;
    for (const int fd : child.descriptors) {
        if (dup2(fd, place++) == -1) return false;
    }
    // Ours are close-on-exec; what a shell or a supervisor left open in us may not be. Kernels
    // before 5.11 cannot, which is no reason to fail.
    close_range(static_cast<unsigned>(count), ~0U, CLOSE_RANGE_CLOEXEC);
    return true;
}

void reset_signals() {
    for (int signal = 1; signal < NSIG; ++signal) std::signal(signal, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

// After the change of user, which would clear the death signal.
bool guard(pid_t master) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return false;
    if (getppid() != master) _exit(1);  // it died before that line
    // A capability that the unit gave us for low ports is not for those who meet clients.
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

[[noreturn]] void run_child(Prepared& child) {
    const auto fail = [&](Stage stage) {
        const Report report{stage, errno};
        [[maybe_unused]] const ssize_t written = write(child.report, &report, sizeof report);
        _exit(1);
    };
    if (child.group == ProcessGroup::Own) setpgid(0, 0);
    if (!place_descriptors(child)) fail(Stage::Descriptors);
    if (!become(child.identity)) fail(Stage::User);
    if (!guard(child.master)) fail(Stage::Guard);
    reset_signals();
    fexecve(child.program, child.argv.data(), environ);
    fail(Stage::Exec);
    _exit(1);
}

std::vector<char*> argv_of(const std::vector<std::string>& arguments) {
    std::vector<char*> argv;
    for (const std::string& argument : arguments)
        argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    return argv;
}

// A signal between fork and reset_signals must not run our handlers or reach our signalfd's mask in
// the child.
class AllSignalsBlocked {
  public:
    AllSignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        sigprocmask(SIG_SETMASK, &all, &before_);
    }
    AllSignalsBlocked(const AllSignalsBlocked&) = delete;
    AllSignalsBlocked& operator=(const AllSignalsBlocked&) = delete;
    ~AllSignalsBlocked() { sigprocmask(SIG_SETMASK, &before_, nullptr); }

  private:
    sigset_t before_{};
};

}  // namespace

Result<pid_t> launch(const Launch& child) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return system_failure("create a pipe");
    const OwnedFd from_child(ends[0]);
    OwnedFd to_master(ends[1]);
    Prepared prepared{child.program,     argv_of(child.arguments), child.identity,
                      child.descriptors, to_master.get(),          getpid(),
                      child.group};
    pid_t pid = -1;
    {
        const AllSignalsBlocked blocked;
        pid = fork();
        if (pid == 0) run_child(prepared);
    }
    if (pid == -1) return system_failure("fork for " + child.arguments.front());

    to_master = OwnedFd();
    Report report;
    if (read(from_child.get(), &report, sizeof report) != sizeof report) return pid;
    waitpid(pid, nullptr, 0);
    return system_failure(fmt::format("start {}: {}", child.arguments.front(),
                                      kStageNames.at(static_cast<std::size_t>(report.stage))),
                          report.error);
}

Result<OwnedFd> sealed_text(const std::string& text) {
    OwnedFd memory(memfd_create("bundle", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!memory) return system_failure("create a memfd");
    if (pwrite(memory.get(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
        return system_failure("write to a memfd");
    }
    if (fcntl(memory.get(), F_ADD_SEALS,
              F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0) {
        return system_failure("seal a memfd");
    }
    return memory;
}

}  // namespace bundle
