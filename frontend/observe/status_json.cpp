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

std::string optional_json(std::optional<std::uint64_t> number) {
    return number ? std::to_string(*number) : "null";
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
        optional_json(worker.memory), request);
}

std::string seconds_or_null(std::chrono::milliseconds time) {
    return time.count() == 0 ? "null" : fmt::format("{:.3f}", FloatSeconds(time).count());
}

std::string app_json(const AppStatus& app) {
    Lines workers;
    for (const WorkerFacts& worker : app.workers) workers.add(worker_json(worker));
    return fmt::format(
        "{{\"name\": {}, \"workers_min\": {}, \"workers_max\": {}, \"threads\": {}, "
        "\"slow_after_seconds\": {}, \"busy\": {}, \"queue\": {{\"waiting\": {}, \"max\": {}, "
        "\"oldest_seconds\": {:.3f}}}, "
        "\"workers\": {}}}",
        quoted(app.name), app.configured.min, app.configured.max, app.threads,
        seconds_or_null(app.slow_after), app.count_busy(), app.waiting, app.most_waiting,
        app.oldest.count(), workers.list());
}

// Sums of seconds, and how many requests took how long.
std::string time_json(const RouteCounters& counters) {
    std::string sums;
    for (std::size_t i = 0; i < kCountedParts.size(); ++i)
        sums += fmt::format("\"{}\": {:.6f}, ", kCountedParts.at(i).second,
                            FloatSeconds(counters.parts.at(i).sum()).count());
    const Histogram& total = counters.parts.back();
    std::string buckets;
    for (std::size_t i = 0; i <= Histogram::kBounds.size(); ++i)
        buckets += fmt::format("{}{}", i == 0 ? "" : ", ", total.in_bucket(i));
    return fmt::format("{{{}\"buckets\": [{}]}}", sums, buckets);
}

std::string route_json(const CounterTable::RouteName& names, const RouteCounters& counters) {
    std::string classes;
    for (std::size_t i = 1; i < counters.by_class.size(); ++i)
        classes += fmt::format("{}\"{}xx\": {}", i == 1 ? "" : ", ", i, counters.by_class[i]);
    const bool any = counters.parts.back().count() > 0;
    return fmt::format("{{\"site\": {}, \"route\": {}, {}, \"bytes_sent\": {}, \"time\": {}}}",
                       quoted(names.first), quoted(names.second), classes, counters.bytes_sent,
                       any ? time_json(counters) : "null");
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

std::string second_json(const TrafficSecond& second) {
    std::string parts;
    for (std::size_t i = 0; i < kTrafficParts.size(); ++i)
        parts += fmt::format("{}\"{}\": {:.6f}", i == 0 ? "" : ", ", kTrafficParts.at(i),
                             second.parts.at(i));
    return fmt::format(
        "{{\"requests\": {:.2f}, \"failed\": {:.2f}, \"seconds\": {{{}}}, \"waiting\": {}, "
        "\"busy\": {}}}",
        second.requests, second.failed, parts, second.waiting, second.busy);
}

std::string event_json(const RecentEvents::Event& event) {
    return fmt::format("{{\"at\": {}, \"kind\": \"{}\", \"text\": {}, \"count\": {}}}",
                       moment(event.at),
                       event.kind == RecentEvents::Kind::Trouble ? "trouble" : "note",
                       quoted(event.text), event.count);
}

std::string bucket_seconds() {
    std::string bounds;
    for (const std::uint32_t bound : Histogram::kBounds)
        bounds += fmt::format("{}{:g}", bounds.empty() ? "" : ", ", bound / 1e3);
    return "[" + bounds + "]";
}

}  // namespace

std::string traffic_json(const Traffic& traffic) {
    Lines lines;
    for (std::size_t i = 0; i + 1 < traffic.seconds().size(); ++i)
        lines.add(second_json(traffic.seconds()[i]));
    return lines.list();
}

std::string status_json(const StatusFacts& facts) {
    Lines apps;
    for (const AppStatus& app : facts.apps) apps.add(app_json(app));
    Lines routes;
    for (const auto& [names, counters] : facts.table->routes())
        routes.add(route_json(names, *counters));
    Lines certificates;
    for (const CertificateStatus& certificate : facts.certificates)
        certificates.add(certificate_json(certificate));
    Lines events;
    for (const RecentEvents::Event& event : facts.events->all()) events.add(event_json(event));
    const auto& past = facts.traffic->seconds();
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
    all.add("\"traffic\": " + (past.empty() ? "null" : second_json(past.back())));
    all.add("\"bucket_seconds\": " + bucket_seconds());
    all.add("\"requests\": " + routes.list());
    all.add("\"certificates\": " + certificates.list());
    all.add("\"events\": " + events.list());
    all.add(fmt::format("\"front_memory\": {}", optional_json(facts.front_memory)));
    all.add(fmt::format("\"spool_bytes\": {}", facts.spool_bytes));
    all.add(fmt::format("\"lost_log_lines\": {}", facts.lost_log_lines));
    return all.object() + "\n";
}

}  // namespace bundle
