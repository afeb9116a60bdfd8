// What a process costs: its private memory, and its share of what it has in common with others.
#pragma once
#include <sys/types.h>

#include <string_view>

#include "shared/base/bytes.hpp"
#include "shared/base/result.hpp"

namespace bundle {

// Pss of /proc/PID/smaps_rollup. The kernel walks all of the process's pages for it, which takes
// milliseconds for a large one: not for the hot path.
Result<Bytes> proportional_memory(pid_t pid);

// The same of the text of such a file; nothing in it: no bytes.
Bytes proportional_memory_in(std::string_view smaps_rollup);

}  // namespace bundle
