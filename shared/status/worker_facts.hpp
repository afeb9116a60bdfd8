// What the workers of one application do, as its scoreboard and the kernel tell: for people and
// programs, told by workers_text.hpp and workers_json.hpp.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "shared/config/config.hpp"
#include "shared/wire/scoreboard.hpp"

namespace bundle {

using FloatSeconds = std::chrono::duration<double>;

// One serving thread of a worker.
struct WorkerFacts {
    std::uint32_t slot = 0;
    std::uint32_t pid = 0;
    std::uint32_t generation = 0;
    wire::WorkerState state = wire::WorkerState::Idle;  // Booting, Idle or Busy
    bool leaving = false;                               // gets no new request
    bool overdue = false;                               // what it serves was answered 504
    std::string request{};                              // "GET /cart"; "": not known
    std::string request_id{};
    FloatSeconds busy_for{};
    FloatSeconds age{};
    std::uint64_t requests = 0;  // served
    // Of the worker, with its first thread only.
    std::optional<std::uint64_t> memory{};  // bytes that are resident
    std::optional<FloatSeconds> cpu{};      // that it has used

    [[nodiscard]] bool is_busy() const { return state == wire::WorkerState::Busy; }
    [[nodiscard]] bool is_booting() const { return state == wire::WorkerState::Booting; }
};

struct AppWorkers {
    std::string name;
    WorkerRange configured;
    std::uint32_t wanted = 0;  // what `bundle scale`, or the queue, has made of that
    std::uint32_t threads = 1;
    std::vector<WorkerFacts> workers{};

    [[nodiscard]] std::size_t count_busy() const;  // threads
    [[nodiscard]] std::uint32_t ready() const;     // workers, but for those that leave
};

// Of rows of which `threads` in turn are one worker's. Whatever a worker wrote there, it is shown
// and no more.
std::vector<WorkerFacts> worker_facts(std::span<const wire::WorkerRow> rows, std::uint32_t threads,
                                      std::chrono::steady_clock::time_point now);

// What the kernel tells of it.
void look_at_process(WorkerFacts& worker);

}  // namespace bundle
