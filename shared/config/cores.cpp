#include "shared/config/cores.hpp"

#include <sched.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "shared/base/file_text.hpp"

namespace bundle {

namespace {

std::uint32_t cores_of_scheduler() {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    // A machine with more than CPU_SETSIZE (1024) cores says EINVAL; 1 is too modest for it, but
    // works.
    if (::sched_getaffinity(0, sizeof(allowed), &allowed) != 0) return 1;
    return static_cast<std::uint32_t>(std::max(1, CPU_COUNT(&allowed)));
}

// Our group in the unified hierarchy: the line "0::/system.slice/bundle.service".
std::string own_group() {
    const auto text = read_text_file("/proc/self/cgroup");
    constexpr std::string_view kUnified = "0::";
    if (!text) return "/";
    const std::size_t line = text->starts_with(kUnified) ? 0 : text->find("\n0::");
    if (line == std::string::npos) return "/";
    const std::size_t begin = text->find("::", line) + 2;
    return text->substr(begin, text->find('\n', begin) - begin);
}

std::optional<std::uint64_t> number_at_front(std::string_view text) {
    std::uint64_t number = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc())
        return std::nullopt;
    return number;
}

}  // namespace

std::optional<std::uint32_t> cores_of_quota(std::string_view cpu_max) {
    const std::size_t space = cpu_max.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    const auto quota = number_at_front(cpu_max.substr(0, space));  // not there: "max"
    const auto period = number_at_front(cpu_max.substr(space + 1));
    if (!quota || !period || *period == 0) return std::nullopt;
    const std::uint64_t cores = *quota / *period + (*quota % *period == 0 ? 0 : 1);
    return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(cores, 1, UINT32_MAX));
}

std::optional<std::uint32_t> cores_of_group(const std::string& mount, std::string_view group) {
    std::optional<std::uint32_t> least;
    std::filesystem::path path = std::filesystem::path("/") / group;
    for (;; path = path.parent_path()) {
        const auto text = read_text_file(mount + (path / "cpu.max").string());
        const auto cores = text ? cores_of_quota(*text) : std::nullopt;
        if (cores && (!least || *cores < *least)) least = cores;
        if (path == path.parent_path()) return least;
    }
}

std::uint32_t available_cores() {
    const std::uint32_t scheduled = cores_of_scheduler();
    const auto quota = cores_of_group("/sys/fs/cgroup", own_group());
    return std::min(scheduled, quota.value_or(scheduled));
}

}  // namespace bundle
