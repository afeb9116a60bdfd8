// How many cores this process may really use: a container with a quota of two on a machine of 64
// has two.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bundle {

// The smallest of what the scheduler lets us run on and the quotas of our control group and those
// above it (cgroup v2), rounded up; at least 1.
std::uint32_t available_cores();

// The text of a cpu.max file, "200000 100000" or "max 100000"; nothing: no quota.
std::optional<std::uint32_t> cores_of_quota(std::string_view cpu_max);

// The smallest quota of control group `group` ("/system.slice/bundle.service") below `mount` and of
// its parents.
std::optional<std::uint32_t> cores_of_group(const std::string& mount, std::string_view group);

}  // namespace bundle
