#include "backend/leaving.hpp"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>

#include "shared/base/check.hpp"

namespace bundle {

namespace {

// All that the handler can reach. A socket is kept as its number and one: 0 is none.
std::atomic<bool> told_to_leave = false;
std::atomic<bool> told_to_hurry = false;
std::atomic<pid_t> told_by = -1;  // -1: by no signal
std::array<std::atomic<int>, kMostThreads> sockets_in_use{};
std::atomic<int> leaves_under_way = 0;  // calls of leave(), which use these sockets
bool forked_child = false;
static_assert(std::atomic<int>::is_always_lock_free);

void stop_reading(const std::atomic<int>& socket) {
    const int in_use = socket;
    if (in_use > 0) shutdown(in_use - 1, SHUT_RD);
}

void leave_after_these_requests(int /*signal*/, siginfo_t* info, void* /*context*/) {
    const int interrupted_error = errno;
    if (info->si_code == SI_QUEUE && info->si_value.sival_int == kLeaveInAHurry)
        told_to_hurry = true;
    if (!told_to_leave) told_by = info->si_pid;
    leave();
    errno = interrupted_error;
}

// From the fork to become_forked_child() a SIGTERM for the child would find its parent's handler:
// terminate() right behind start() of multiprocessing is that quick.
thread_local sigset_t mask_before_fork;

void hold_sigterm() {
    sigset_t sigterm;
    sigemptyset(&sigterm);
    sigaddset(&sigterm, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &sigterm, &mask_before_fork);
}

void let_sigterm_come() { pthread_sigmask(SIG_SETMASK, &mask_before_fork, nullptr); }

// What a child must not have of its parent: the handler would shut the sockets that both share, and
// an open end would hide the parent's death from the front.
void become_forked_child() {
    forked_child = true;
    struct sigaction current {};
    sigaction(SIGTERM, nullptr, &current);
    const bool is_ours = current.sa_sigaction == leave_after_these_requests;
    if (is_ours)
        ::signal(SIGTERM, SIG_DFL);  // a handler of the application's own is the child's too
    for (auto& socket : sockets_in_use) {
        const int in_use = socket.exchange(0);
        if (in_use > 0) close(in_use - 1);
    }
    let_sigterm_come();
}

}  // namespace

void leave_on_sigterm() {
    pthread_atfork(hold_sigterm, let_sigterm_come, become_forked_child);
    struct sigaction action {};
    action.sa_sigaction = leave_after_these_requests;
    action.sa_flags =
        SA_SIGINFO | SA_RESTART;  // the application's own system calls should not notice
    sigaction(SIGTERM, &action, nullptr);
    sigset_t nothing;
    sigemptyset(&nothing);
    sigprocmask(SIG_SETMASK, &nothing, nullptr);
}

void leave() {
    ++leaves_under_way;
    told_to_leave = true;
    for (const auto& socket : sockets_in_use) stop_reading(socket);
    --leaves_under_way;
}

bool is_leaving() { return told_to_leave; }
bool is_in_a_hurry() { return told_to_hurry; }
std::optional<pid_t> told_to_leave_by() {
    return told_by < 0 ? std::nullopt : std::optional<pid_t>(told_by);
}
bool is_forked_child() { return forked_child; }

SocketInUse::SocketInUse(std::uint32_t thread, int socket) : thread_(thread) {
    BUNDLE_CHECK(thread < kMostThreads);
    sockets_in_use[thread_] = socket + 1;
    if (told_to_leave) stop_reading(sockets_in_use[thread_]);  // it came before there was a socket
}

// Afterwards its number may become someone else's: who is about to shut it must be done.
SocketInUse::~SocketInUse() {
    sockets_in_use[thread_] = 0;
    while (leaves_under_way > 0) sched_yield();
}

}  // namespace bundle
