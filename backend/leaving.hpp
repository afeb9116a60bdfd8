// How a worker is told to leave: by SIGTERM, or by the front.
//
// Its threads wait for their next request in recvmsg(2) and in nothing else. A signal cannot
// interrupt that wait reliably (it may come just before, or to another thread), so its handler
// shuts their sockets for reading instead: a request that is here already is still served, one that
// comes later fails at the front, which gives it to another worker, and the wait ends. No request
// is lost in between.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace bundle {

inline constexpr std::uint32_t kMostThreads = 256;

// What a SIGTERM sent by sigqueue(3) carries when nobody waits for the worker's last requests.
inline constexpr int kLeaveInAHurry = 1;

// From now on SIGTERM tells this process to leave. Unblocks it.
void leave_on_sigterm();
void leave();
[[nodiscard]] bool is_leaving();
[[nodiscard]] bool is_in_a_hurry();
// Who sent the SIGTERM, as far as the kernel tells (0: somebody outside of our pid namespace);
// nothing when it was not a signal.
[[nodiscard]] std::optional<pid_t> told_to_leave_by();

// Whether this is a child that the application forked off the worker: it is no worker, and has none
// of its sockets. From leave_on_sigterm() on, a fork sees to that.
[[nodiscard]] bool is_forked_child();

// Makes `socket` one that is shut for reading when the worker is to leave, for as long as this
// lives.
class SocketInUse {
  public:
    SocketInUse(std::uint32_t thread, int socket);
    SocketInUse(const SocketInUse&) = delete;
    SocketInUse& operator=(const SocketInUse&) = delete;
    ~SocketInUse();

  private:
    std::uint32_t thread_;
};

}  // namespace bundle
