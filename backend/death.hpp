// How a worker ended, as the log tells it.
#pragma once
#include <sys/resource.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "backend/worker_table.hpp"
#include "shared/base/log.hpp"
#include "shared/wire/scoreboard.hpp"

namespace bundle {

struct Death {
    WorkerTable::Worker worker{};
    std::optional<int> wait_status{};  // none: the application waited for all children and got ours
    rusage usage{};
    std::string_view killed_for{};  // the option by which we killed it; "": we did not
    bool told_to_leave = false;     // by us, with SIGTERM
    bool out_of_memory = false;     // the kernel has killed for memory in our control group
};

// One line: exit code or signal and who sent it, peak memory, age, requests served, and those in
// flight, which `rows` tell. Of one that just left, at the level `usual`.
void log_death(const Death& death, std::span<const wire::WorkerRow> rows, LogLevel usual);

// The same in a word or two, of which there are few: "left", "request_timeout", "out of memory",
// "SIGSEGV", "exit 3".
std::string end_of(const Death& death);

// For people: "exit status 3", "signal SIGSEGV".
std::string end_in_words(const Death& death);

std::uint64_t requests_served(std::span<const wire::WorkerRow> rows);

}  // namespace bundle
