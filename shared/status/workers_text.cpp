#include "shared/status/workers_text.hpp"

#include <fmt/format.h>

#include "shared/status/status_words.hpp"

namespace bundle {

namespace {

// Wide enough for a day with numbers of seven digits.
constexpr std::string_view kRow = "  {:<7} {:<8} {:<8} {:>8} {:>9} {:>8} {:>8}  {}";

std::string_view state_text(const WorkerFacts& worker) {
    if (worker.overdue) return "overdue";
    if (worker.leaving) return "leaving";
    if (worker.is_booting()) return "booting";
    return worker.is_busy() ? "busy" : "idle";
}

std::string doing(const WorkerFacts& worker) {
    if (!worker.is_busy()) return "";
    const std::string time = length_text(worker.busy_for);
    if (worker.request.empty()) return time + "  nobody wants its answer any more";
    return fmt::format("{}  {}  {}", time, shown(worker.request), shown(worker.request_id));
}

std::string row(const auto&... values) {
    std::string text = fmt::format(fmt::runtime(kRow), values...);
    text.erase(text.find_last_not_of(' ') + 1);
    return text + "\n";
}

std::string row_of(const WorkerFacts& worker) {
    return row(worker.slot, worker.pid, state_text(worker), length_text(worker.age),
               worker.requests, worker.memory ? size_text(*worker.memory) : "",
               worker.cpu ? length_text(*worker.cpu) : "", doing(worker));
}

}  // namespace

std::string workers_heading(const AppWorkers& app) {
    std::string text = fmt::format("app {}: {}", app.name, app.ready());
    if (app.ready() != app.wanted) text += fmt::format(" of {}", app.wanted);
    text += " workers";
    const WorkerRange& configured = app.configured;
    if (configured.varies())
        text += fmt::format(" ({} to {} configured)", configured.min, configured.max);
    else if (app.wanted != configured.min)
        text += fmt::format(" ({} configured)", configured.min);
    if (app.threads > 1) text += fmt::format(" with {} threads", app.threads);
    return text + fmt::format(", {} busy", app.count_busy());
}

std::string workers_table(const AppWorkers& app) {
    if (app.workers.empty()) return "";
    std::string text = row("worker", "pid", "state", "age", "requests", "memory", "cpu", "does");
    for (const WorkerFacts& worker : app.workers) text += row_of(worker);
    return text;
}

std::string workers_text(const AppWorkers& app) {
    return workers_heading(app) + "\n" + workers_table(app);
}

}  // namespace bundle
