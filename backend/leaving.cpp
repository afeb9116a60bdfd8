#include "backend/leaving.hpp"

#include <signal.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cerrno>

#include "shared/base/check.hpp"

namespace bundle {

namespace {

// All that the handler can reach. A socket is kept as its number and one: 0 is none.
std::atomic<bool> told_to_leave = false;
std::atomic<bool> told_to_hurry = false;
std::array<std::atomic<int>, kMostThreads> sockets_in_use{};
static_assert(std::atomic<int>::is_always_lock_free);

void stop_reading(const std::atomic<int>& socket) {
    const int in_use = socket;
    if (in_use > 0) shutdown(in_use - 1, SHUT_RD);
}

void leave_after_these_requests(int /*signal*/, siginfo_t* info, void* /*context*/) {
    const int interrupted_error = errno;
    if (info->si_code == SI_QUEUE && info->si_value.sival_int == kLeaveInAHurry)
        told_to_hurry = true;
    leave();
    errno = interrupted_error;
}

}  // namespace

void leave_on_sigterm() {
    struct sigaction action {};
    action.sa_sigaction = leave_after_these_requests;
    action.sa_flags =
        SA_SIGINFO | SA_RESTART;  // the application's own system calls should not notice
    sigaction(SIGTERM, &action, nullptr);
    ::signal(SIGCHLD, SIG_DFL);
    sigset_t nothing;
    sigemptyset(&nothing);
    sigprocmask(SIG_SETMASK, &nothing, nullptr);
}

void leave() {
    told_to_leave = true;
    for (const auto& socket : sockets_in_use) stop_reading(socket);
}

bool is_leaving() { return told_to_leave; }
bool is_in_a_hurry() { return told_to_hurry; }

SocketInUse::SocketInUse(std::uint32_t thread, int socket) : thread_(thread) {
    BUNDLE_CHECK(thread < kMostThreads);
    sockets_in_use[thread_] = socket + 1;
    if (told_to_leave) stop_reading(sockets_in_use[thread_]);  // it came before there was a socket
}

SocketInUse::~SocketInUse() { sockets_in_use[thread_] = 0; }

}  // namespace bundle
