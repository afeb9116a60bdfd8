#include "shared/status/workers_json.hpp"

#include <fmt/format.h>

#include "shared/base/json_text.hpp"
#include "shared/status/json_lines.hpp"

namespace bundle {

namespace {

std::string_view state_name(wire::WorkerState state) {
    if (state == wire::WorkerState::Booting) return "booting";
    return state == wire::WorkerState::Busy ? "busy" : "idle";
}

std::string request_json(const WorkerFacts& worker) {
    if (!worker.is_busy()) return "null";
    return fmt::format("{{\"line\": {}, \"id\": {}, \"seconds\": {:.3f}}}",
                       json_text(worker.request), json_text(worker.request_id),
                       worker.busy_for.count());
}

std::string worker_json(const WorkerFacts& worker) {
    return fmt::format(
        "{{\"worker\": {}, \"pid\": {}, \"generation\": {}, \"state\": \"{}\", \"leaving\": {}, "
        "\"overdue\": {}, \"age_seconds\": {:.3f}, \"requests\": {}, \"memory\": {}, "
        "\"cpu_seconds\": {}, \"request\": {}}}",
        worker.slot, worker.pid, worker.generation, state_name(worker.state), worker.leaving,
        worker.overdue, worker.age.count(), worker.requests,
        worker.memory ? std::to_string(*worker.memory) : "null",
        worker.cpu ? fmt::format("{:.3f}", worker.cpu->count()) : "null", request_json(worker));
}

}  // namespace

std::string workers_members(const AppWorkers& app) {
    JsonLines workers;
    for (const WorkerFacts& worker : app.workers) workers.add(worker_json(worker));
    return fmt::format(
        "\"name\": {}, \"workers_min\": {}, \"workers_max\": {}, \"workers_wanted\": {}, "
        "\"threads\": {}, \"busy\": {}, \"workers\": {}",
        json_text(app.name), app.configured.min, app.configured.max, app.wanted, app.threads,
        app.count_busy(), workers.list());
}

}  // namespace bundle
