#include "frontend/observe/status_json.hpp"

#include <fmt/format.h>

#include "frontend/observe/log_clock.hpp"
#include "frontend/observe/log_text.hpp"
#include "shared/base/version.hpp"

namespace bundle {

namespace {

std::string quoted(std::string_view text) {
    std::string out;
    append_json(out, text);
    return out;
}

std::string moment(std::chrono::system_clock::time_point when) {
    LogClock clock;
    clock.set(when);
    return fmt::format("\"{}Z\"", clock.iso());
}

// Items of a list or an object, each on a line.
class Lines {
  public:
    void add(std::string_view item) {
        if (!out_.empty()) out_ += ",\n";
        out_ += item;
    }
    [[nodiscard]] std::string list() const { return "[\n" + out_ + "\n]"; }
    [[nodiscard]] std::string object() const { return "{\n" + out_ + "\n}"; }

  private:
    std::string out_;
};

std::string worker_json(const WorkerFacts& worker) {
    std::string state = worker.busy ? "busy" : "idle";
    std::string request = "null";
    if (worker.busy)
        request =
            fmt::format("{{\"line\": {}, \"id\": {}, \"seconds\": {:.3f}}}", quoted(worker.request),
                        quoted(worker.request_id), worker.busy_for.count());
    return fmt::format(
        "{{\"worker\": {}, \"pid\": {}, \"generation\": {}, \"state\": \"{}\", \"leaving\": {}, "
        "\"memory\": {}, \"request\": {}}}",
        worker.slot, worker.pid, worker.generation, state, worker.leaving,
        worker.memory ? std::to_string(*worker.memory) : "null", request);
}

std::string app_json(const AppStatus& app) {
    Lines workers;
    for (const WorkerFacts& worker : app.workers) workers.add(worker_json(worker));
    return fmt::format(
        "{{\"name\": {}, \"workers_min\": {}, \"workers_max\": {}, \"threads\": {}, \"busy\": {}, "
        "\"queue\": {{\"waiting\": {}, \"max\": {}, \"oldest_seconds\": {:.3f}}}, "
        "\"workers\": {}}}",
        quoted(app.name), app.configured.min, app.configured.max, app.threads, app.count_busy(),
        app.waiting, app.most_waiting, app.oldest.count(), workers.list());
}

std::string route_json(const CounterTable::RouteName& names, const RouteCounters& counters) {
    std::string classes;
    for (std::size_t i = 1; i < counters.by_class.size(); ++i)
        classes += fmt::format("{}\"{}xx\": {}", i == 1 ? "" : ", ", i, counters.by_class[i]);
    return fmt::format("{{\"site\": {}, \"route\": {}, {}, \"bytes_sent\": {}}}",
                       quoted(names.first), quoted(names.second), classes, counters.bytes_sent);
}

std::string certificate_json(const CertificateStatus& certificate) {
    std::string names;
    for (const std::string& name : certificate.names)
        names += (names.empty() ? "" : ", ") + quoted(name);
    return fmt::format("{{\"file\": {}, \"names\": [{}], \"not_after\": {}}}",
                       quoted(certificate.file), names, moment(certificate.not_after));
}

std::string connections_json(const StatusFacts& facts) {
    std::string states;
    for (const auto& [doing, count] : facts.connections)
        states += fmt::format("{}{}: {}", states.empty() ? "" : ", ", quoted(doing), count);
    return fmt::format("{{\"max\": {}, \"accepted\": {}, \"now\": {{{}}}}}", facts.most_connections,
                       facts.counters->accepted, states);
}

}  // namespace

std::string status_json(const StatusFacts& facts) {
    Lines apps;
    for (const AppStatus& app : facts.apps) apps.add(app_json(app));
    Lines routes;
    for (const auto& [names, counters] : facts.table->routes())
        routes.add(route_json(names, *counters));
    Lines certificates;
    for (const CertificateStatus& certificate : facts.certificates)
        certificates.add(certificate_json(certificate));
    Lines all;
    all.add(fmt::format("\"name\": {}", quoted(facts.name)));
    all.add(fmt::format("\"version\": {}", quoted(kBundleVersion)));
    all.add(fmt::format("\"generation\": {}", facts.generation));
    all.add(fmt::format("\"now\": {}", moment(facts.now)));
    all.add(fmt::format("\"started\": {}", moment(facts.started)));
    all.add(fmt::format("\"not_ready\": {}",
                        facts.why_not_ready.empty() ? "null" : quoted(facts.why_not_ready)));
    all.add(fmt::format("\"reloads\": {{\"done\": {}, \"failed\": {}}}", facts.counters->reloads,
                        facts.counters->failed_reloads));
    all.add("\"apps\": " + apps.list());
    all.add("\"connections\": " + connections_json(facts));
    all.add("\"requests\": " + routes.list());
    all.add("\"certificates\": " + certificates.list());
    all.add(fmt::format("\"spool_bytes\": {}", facts.spool_bytes));
    all.add(fmt::format("\"lost_log_lines\": {}", facts.lost_log_lines));
    return all.object() + "\n";
}

}  // namespace bundle
