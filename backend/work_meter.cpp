#include "backend/work_meter.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <ctime>
#include <string_view>

namespace bundle {

namespace {

std::uint64_t cpu_of_this_thread() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    constexpr std::uint64_t kSecond = 1'000'000'000;
    return static_cast<std::uint64_t>(time.tv_sec) * kSecond +
           static_cast<std::uint64_t>(time.tv_nsec);
}

}  // namespace

WorkMeter::WorkMeter() : statm_(open("/proc/self/statm", O_RDONLY | O_CLOEXEC)) {}

void WorkMeter::begin() {
    resident_ = resident();
    cpu_ = cpu_of_this_thread();
}

wire::Cost WorkMeter::cost() const {
    const std::uint64_t cpu = cpu_of_this_thread() - cpu_;
    const std::uint64_t now = resident();
    return {.cpu = cpu,
            .grown = now > resident_ ? now - resident_ : 0,
            .shrunk = now < resident_ ? resident_ - now : 0};
}

// "size resident shared ...", in pages.
std::uint64_t WorkMeter::resident() const {
    static const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    std::array<char, 128> text{};
    const ssize_t got = pread(statm_.get(), text.data(), text.size(), 0);
    if (got <= 0) return 0;
    const std::string_view facts(text.data(), static_cast<std::size_t>(got));
    const std::size_t at = facts.find(' ') + 1;
    std::uint64_t pages = 0;
    std::from_chars(facts.data() + at, facts.data() + facts.size(), pages);
    return pages * page;
}

}  // namespace bundle
