#include "backend/surroundings.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "shared/base/check.hpp"
#include "shared/base/exit_status.hpp"
#include "shared/wire/inherited.hpp"

namespace bundle {

void keep_descriptors_private() {
    for (const int fd : {wire::kControlFd, wire::kConfigFd, wire::kScoreboardFd})
        fcntl(fd, F_SETFD, FD_CLOEXEC);
    BUNDLE_CHECK(dup2(STDERR_FILENO, STDOUT_FILENO) == STDOUT_FILENO);
}

void set_usual_signals() {
    for (const int number : {SIGTERM, SIGCHLD}) ::signal(number, SIG_DFL);
    for (const int number : {SIGPIPE, SIGXFSZ}) ::signal(number, SIG_IGN);

    // A handler that does nothing, not SIG_IGN: programs that the application starts would inherit
    // that.
    struct sigaction without_effect {};
    without_effect.sa_handler = [](int) {};
    without_effect.sa_flags = SA_RESTART;
    for (const int number : {SIGINT, SIGQUIT, SIGHUP}) sigaction(number, &without_effect, nullptr);

    sigset_t nothing;
    sigemptyset(&nothing);
    sigprocmask(SIG_SETMASK, &nothing, nullptr);
}

LeaveOnAnyOrder::LeaveOnAnyOrder(int control) : control_(control) {
    ::signal(SIGIO, [](int) { _exit(kExitWell); });
    fcntl(control_, F_SETOWN, getpid());
    fcntl(control_, F_SETFL, fcntl(control_, F_GETFL) | O_ASYNC);
    pollfd order{control_, POLLIN, 0};  // that came before
    if (poll(&order, 1, 0) > 0) _exit(kExitWell);
}

LeaveOnAnyOrder::~LeaveOnAnyOrder() {
    fcntl(control_, F_SETFL, fcntl(control_, F_GETFL) & ~O_ASYNC);
    ::signal(SIGIO, SIG_DFL);
}

Environment copy_environment() {
    Environment copy;
    for (char** variable = environ; *variable != nullptr; ++variable) copy.emplace_back(*variable);
    return copy;
}

namespace {

std::vector<char*> pointers_to(const std::vector<std::string>& strings) {
    std::vector<char*> pointers;
    for (const std::string& string : strings) pointers.push_back(const_cast<char*>(string.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

}  // namespace

Error start_anew(const Anew& how, const Environment& environment) {
    close_range(wire::kScoreboardFd + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    for (const int fd : {wire::kControlFd, wire::kConfigFd, wire::kScoreboardFd})
        fcntl(fd, F_SETFD, 0);
    const std::vector<std::string> words = {"bundle-backend", how.app, how.socket,
                                            std::to_string(how.generation), how.more};
    execve("/proc/self/exe", pointers_to(words).data(), pointers_to(environment).data());
    return system_failure("start anew").value();
}

Result<void> enter_surroundings(const AppConfig& app) {
    ::umask(app.umask);
    for (const auto& [name, value] : app.env)
        if (setenv(name.c_str(), value.c_str(), 1) != 0) return system_failure("set " + name);
    if (chdir(app.directory.c_str()) != 0)
        return system_failure("enter the directory " + app.directory);
    return {};
}

}  // namespace bundle
