// How long a test waits for what should take milliseconds, also on a busy machine under a
// sanitizer.
#pragma once
#include <poll.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

namespace bundle {

inline constexpr std::chrono::seconds kTestDeadline{20};

// Readable, at its end or broken: whatever a read would not wait for.
inline void await_readable(int fd, const std::string& what) {
    pollfd watched{.fd = fd, .events = POLLIN, .revents = 0};
    if (poll(&watched, 1, std::chrono::milliseconds(kTestDeadline).count()) != 1)
        throw std::runtime_error("waited in vain for " + what);
}

// For what only looking again can tell: the contents of a file, of shared memory.
template <typename Condition>
void await_condition(const std::string& what, const Condition& condition) {
    const auto end = std::chrono::steady_clock::now() + kTestDeadline;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end)
            throw std::runtime_error("waited in vain for " + what);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

}  // namespace bundle
