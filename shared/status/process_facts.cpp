#include "shared/status/process_facts.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <string_view>

#include "shared/base/owned_fd.hpp"

namespace bundle {

namespace {

using Text = std::array<char, 1024>;

// These files are short, and there at once.
std::string_view read_proc(pid_t pid, const char* name, Text& into) {
    const OwnedFd file(open(fmt::format("/proc/{}/{}", pid, name).c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return {};
    const ssize_t got = read(file.get(), into.data(), into.size());
    return {into.data(), got < 0 ? 0 : static_cast<std::size_t>(got)};
}

// The number in the `index`-th word.
std::optional<std::uint64_t> number_at(std::string_view words, std::size_t index) {
    for (; index > 0; --index) {
        const std::size_t space = words.find(' ');
        if (space == std::string_view::npos) return std::nullopt;
        words.remove_prefix(space + 1);
    }
    std::uint64_t number = 0;
    const auto read = std::from_chars(words.data(), words.data() + words.size(), number);
    if (read.ec != std::errc()) return std::nullopt;
    return number;
}

// The words of /proc/PID/stat behind the name, which may hold spaces.
std::string_view read_stat(pid_t pid, Text& into) {
    std::string_view words = read_proc(pid, "stat", into);
    const std::size_t name_ends = words.rfind(") ");
    if (name_ends == std::string_view::npos) return {};
    words.remove_prefix(name_ends + 1);
    return words;
}

std::chrono::duration<double> length_of(std::uint64_t ticks) {
    return std::chrono::duration<double>(static_cast<double>(ticks) /
                                         static_cast<double>(sysconf(_SC_CLK_TCK)));
}

}  // namespace

std::optional<std::uint64_t> resident_memory(pid_t pid) {
    Text text;
    const auto pages = number_at(read_proc(pid, "statm", text), 1);
    if (!pages) return std::nullopt;
    return *pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

std::optional<std::chrono::duration<double>> cpu_time(pid_t pid) {
    constexpr std::size_t kUserTime = 12;
    constexpr std::size_t kSystemTime = 13;
    Text text;
    const std::string_view words = read_stat(pid, text);
    const auto user = number_at(words, kUserTime);
    const auto system = number_at(words, kSystemTime);
    if (!user || !system) return std::nullopt;
    return length_of(*user + *system);
}

std::optional<std::chrono::system_clock::time_point> started_at(pid_t pid) {
    using namespace std::chrono;
    constexpr std::size_t kStartTime = 20;
    Text text;
    const auto ticks = number_at(read_stat(pid, text), kStartTime);
    timespec since_boot{};
    if (!ticks || clock_gettime(CLOCK_BOOTTIME, &since_boot) != 0) return std::nullopt;
    const auto now = seconds(since_boot.tv_sec) + nanoseconds(since_boot.tv_nsec);
    return system_clock::now() - duration_cast<system_clock::duration>(now - length_of(*ticks));
}

}  // namespace bundle
