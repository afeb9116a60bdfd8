#include "backend/surroundings.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

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
}

LeaveOnAnyOrder::~LeaveOnAnyOrder() {
    fcntl(control_, F_SETFL, fcntl(control_, F_GETFL) & ~O_ASYNC);
    ::signal(SIGIO, SIG_DFL);
}

Error start_anew(const std::string& app, std::uint32_t generation, const char* more) {
    close_range(wire::kScoreboardFd + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    for (const int fd : {wire::kControlFd, wire::kConfigFd, wire::kScoreboardFd})
        fcntl(fd, F_SETFD, 0);
    execl("/proc/self/exe", "bundle-backend", app.c_str(), std::to_string(generation).c_str(), more,
          nullptr);
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
