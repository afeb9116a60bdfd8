#include "frontend/request/spool_space.hpp"

#include <sys/statvfs.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "shared/base/log.hpp"

namespace bundle {

namespace {

using Clock = std::chrono::steady_clock;

// Others write to the same file system; looking costs a system call.
constexpr std::chrono::milliseconds kLookEvery{100};
constexpr std::chrono::seconds kClosedAfterFailure{1};
constexpr std::chrono::minutes kTellEvery{1};

}  // namespace

void SpoolSpace::look(TimePoint now) {
    looked_ = now;
    struct statvfs facts {};
    // Where nothing can be told, writing will.
    const bool known = statvfs(limits_.directory.c_str(), &facts) == 0;
    free_ = known ? std::uint64_t{facts.f_bavail} * facts.f_frsize : UINT64_MAX;
}

Limit SpoolSpace::met_by(std::uint64_t bytes) {
    const TimePoint now = Clock::now();
    if (now < closed_until_) return Limit::TempMinFree;
    if (bytes > limits_.max.count - std::min(used_, limits_.max.count)) return Limit::TempMax;
    if (limits_.min_free.count == 0) return Limit::None;
    if (now - looked_ >= kLookEvery) look(now);
    const bool enough = free_ >= limits_.min_free.count && free_ - limits_.min_free.count >= bytes;
    return enough ? Limit::None : Limit::TempMinFree;
}

void SpoolSpace::took(std::uint64_t bytes) {
    used_ += bytes;
    free_ -= std::min(free_, bytes);
}

void SpoolSpace::failed(const std::string& what, int error) {
    const TimePoint now = Clock::now();
    closed_until_ = now + kClosedAfterFailure;
    ++failures_;
    if (now < quiet_until_) return;
    quiet_until_ = now + kTellEvery;
    log_error(
        "cannot {} in {}: {}; requests whose body does not fit in memory are answered 507 or 503 "
        "until it can (times={} since the last such line)",
        what, limits_.directory, std::strerror(error), std::exchange(failures_, 0));
}

}  // namespace bundle
