// What the kernel tells of processes, ours and the workers'.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>

namespace bundle {

// Bytes in memory, shared ones included. Nothing: there is no such process, or /proc hides it.
std::optional<std::uint64_t> resident_memory(pid_t pid);
// Used so far, by all its threads.
std::optional<std::chrono::duration<double>> cpu_time(pid_t pid);
std::optional<std::chrono::system_clock::time_point> started_at(pid_t pid);

}  // namespace bundle
