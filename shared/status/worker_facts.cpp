#include "shared/status/worker_facts.hpp"

#include <algorithm>

#include "shared/status/process_facts.hpp"

namespace bundle {

namespace {

// In floating point, where no number of a row overflows.
FloatSeconds since(std::int64_t nanoseconds, std::chrono::steady_clock::time_point now) {
    using FloatNanoseconds = std::chrono::duration<double, std::nano>;
    const FloatNanoseconds length = FloatNanoseconds(now.time_since_epoch()) -
                                    FloatNanoseconds(static_cast<double>(nanoseconds));
    return std::max<FloatSeconds>(length, FloatSeconds::zero());
}

WorkerFacts facts_of(const wire::WorkerRow& row, std::uint32_t slot,
                     std::chrono::steady_clock::time_point now) {
    const wire::WorkerState state = row.state;
    WorkerFacts worker{
        .slot = slot, .pid = row.pid, .generation = row.generation, .requests = row.requests};
    worker.age = since(row.born, now);
    worker.leaving = state == wire::WorkerState::Leaving;
    if (state == wire::WorkerState::Booting) worker.state = state;
    if (state != wire::WorkerState::Busy) return worker;
    worker.state = state;
    worker.request = wire::read_text(row.request_line);
    worker.request_id = wire::read_text(row.request_id);
    worker.busy_for = since(row.busy_since, now);
    return worker;
}

}  // namespace

std::size_t AppWorkers::count_busy() const {
    return static_cast<std::size_t>(std::ranges::count_if(workers, &WorkerFacts::is_busy));
}

std::uint32_t AppWorkers::ready() const {
    const auto count = std::ranges::count_if(
        workers, [](const WorkerFacts& worker) { return !worker.is_booting() && !worker.leaving; });
    return (static_cast<std::uint32_t>(count) + threads - 1) / threads;
}

std::vector<WorkerFacts> worker_facts(std::span<const wire::WorkerRow> rows, std::uint32_t threads,
                                      std::chrono::steady_clock::time_point now) {
    std::vector<WorkerFacts> workers;
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
        if (rows[i].state == wire::WorkerState::Empty) continue;
        workers.push_back(facts_of(rows[i], i / threads, now));
        if (i % threads == 0) look_at_process(workers.back());
    }
    return workers;
}

void look_at_process(WorkerFacts& worker) {
    const auto pid = static_cast<pid_t>(worker.pid);
    if (pid <= 0) return;
    worker.memory = resident_memory(pid);
    worker.cpu = cpu_time(pid);
}

}  // namespace bundle
