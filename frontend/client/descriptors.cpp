#include "frontend/client/descriptors.hpp"

#include <fcntl.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "shared/base/log.hpp"
#include "shared/base/owned_fd.hpp"
#include "shared/config/descriptor_need.hpp"

namespace bundle {

namespace {

constexpr std::chrono::minutes kTellEvery{1};

}  // namespace

Descriptors::Descriptors(int any) : any_(any) { read_limit(); }

void Descriptors::read_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit_ = limit.rlim_cur;
    reserve_ = std::min<std::uint64_t>(kReservedDescriptors, limit_ / 8);
}

void Descriptors::saw(int number) {
    read_limit();  // somebody may have changed it (prlimit)
    if (watchful_ || static_cast<std::uint64_t>(number) + 2 * reserve_ >= limit_) measure();
}

// Takes as many as the reserve has, twice, to see whether they are there.
void Descriptors::measure() {
    std::array<OwnedFd, 2 * kReservedDescriptors> taken;
    std::uint64_t free = 0;
    error_ = 0;
    while (free < 2 * reserve_) {
        taken[free] = OwnedFd(fcntl(any_, F_DUPFD_CLOEXEC, 0));
        if (!taken[free]) {
            error_ = errno;
            break;
        }
        ++free;
    }
    exhausted_ = free == 0;
    short_ = free < reserve_ || exhausted_;
    watchful_ = free < 2 * reserve_;
}

void Descriptors::look(TimePoint now) {
    const bool was_short = short_;
    if (const OwnedFd lowest(fcntl(any_, F_DUPFD_CLOEXEC, 0)); lowest) {
        saw(lowest.get());
    } else {
        measure();
    }
    tell(now, was_short);
}

void Descriptors::tell(TimePoint now, bool was_short) {
    if (!short_ && was_short && std::exchange(told_, false)) {
        log_info("there are descriptors again, clients are accepted");
    }
    if (!short_ || told_ || now < quiet_until_) return;
    told_ = true;
    quiet_until_ = now + kTellEvery;
    log_error(
        "descriptors are short{}{}: this process may open {} files; idle connections are closed "
        "and "
        "new clients wait; raise LimitNOFILE= of the service (ulimit -n), or lower "
        "server.max_connections",
        error_ == 0 ? "" : ": ", error_ == 0 ? "" : std::strerror(error_), limit_);
}

}  // namespace bundle
