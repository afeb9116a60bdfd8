// A worker's life: its threads serve requests until it is to leave.
#pragma once
#include <pybind11/pybind11.h>

#include <cstdint>
#include <span>
#include <string>

#include "backend/dev/development.hpp"
#include "backend/python/bundle_module.hpp"
#include "backend/python/hooks.hpp"
#include "backend/title_clock.hpp"
#include "shared/config/config.hpp"
#include "shared/wire/scoreboard.hpp"

namespace bundle {

// A worker's place in the world.
struct WorkerPlace {
    const AppConfig& config;
    std::uint32_t generation = 0;
    std::uint32_t slot = 0;
    std::string front;  // path of the unix socket where the front listens for workers
    int arbiter = -1;   // the eventfd that wakes it
    pid_t arbiter_pid = -1;
    int stacks = -1;  // the memory for its question where our threads stand
    const BundleModule& module;
    int metrics = -1;  // the memory where the application counts; none: -1
    const Hooks& hooks;
    const Development& development;
    const std::string& import_ended;    // not to be tried again, but to be shown; "": it is tried
    std::uint64_t max_requests = 0;     // then the arbiter is woken to replace it; 0: never
    bool tells_cost = false;            // of each request, for the access log
    std::string host;                   // of the requests that warm it up
    TitleClock* title_clock = nullptr;  // of a worker with one thread
};

// In the forked child, with SIGTERM blocked. `rows` are our places in the scoreboard: a thread for
// each. Without an application it is imported here.
[[noreturn]] void run_worker(WorkerPlace place, std::span<wire::WorkerRow> rows,
                             PyObject* application);

}  // namespace bundle
