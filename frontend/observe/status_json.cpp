#include "frontend/observe/status_json.hpp"

#include <fmt/format.h>

#include "frontend/observe/log_clock.hpp"
#include "frontend/observe/queue_text.hpp"
#include "shared/base/json_text.hpp"
#include "shared/base/version.hpp"
#include "shared/status/json_lines.hpp"
#include "shared/status/workers_json.hpp"

namespace bundle {

namespace {

std::string moment(std::chrono::system_clock::time_point when) {
    LogClock clock;
    clock.set(when);
    return fmt::format("\"{}Z\"", clock.iso());
}

std::string optional_json(std::optional<std::uint64_t> number) {
    return number ? std::to_string(*number) : "null";
}

std::string seconds_or_null(std::chrono::milliseconds time) {
    return time.count() == 0 ? "null" : fmt::format("{:.3f}", FloatSeconds(time).count());
}

std::string app_json(const AppStatus& app) {
    return fmt::format("{{{}, \"slow_after_seconds\": {}, \"queue\": {}}}", workers_members(app),
                       seconds_or_null(app.slow_after), queue_json(app));
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
                       json_text(names.first), json_text(names.second), classes,
                       counters.bytes_sent, any ? time_json(counters) : "null");
}

std::string certificate_json(const CertificateStatus& certificate) {
    std::string names;
    for (const std::string& name : certificate.names)
        names += (names.empty() ? "" : ", ") + json_text(name);
    return fmt::format("{{\"file\": {}, \"names\": [{}], \"not_after\": {}}}",
                       json_text(certificate.file), names, moment(certificate.not_after));
}

std::string connections_json(const StatusFacts& facts) {
    std::string states;
    for (const auto& [doing, count] : facts.connections)
        states += fmt::format("{}{}: {}", states.empty() ? "" : ", ", json_text(doing), count);
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
                       json_text(event.text), event.count);
}

std::string bucket_seconds() {
    std::string bounds;
    for (const std::uint32_t bound : Histogram::kBounds)
        bounds += fmt::format("{}{:g}", bounds.empty() ? "" : ", ", bound / 1e3);
    return "[" + bounds + "]";
}

}  // namespace

std::string traffic_json(const Traffic& traffic) {
    JsonLines lines;
    for (std::size_t i = 0; i + 1 < traffic.seconds().size(); ++i)
        lines.add(second_json(traffic.seconds()[i]));
    return lines.list();
}

std::string status_json(const StatusFacts& facts) {
    JsonLines apps;
    for (const AppStatus& app : facts.apps) apps.add(app_json(app));
    JsonLines routes;
    for (const auto& [names, counters] : facts.table->routes())
        routes.add(route_json(names, *counters));
    JsonLines certificates;
    for (const CertificateStatus& certificate : facts.certificates)
        certificates.add(certificate_json(certificate));
    JsonLines events;
    for (const RecentEvents::Event& event : facts.events->all()) events.add(event_json(event));
    const auto& past = facts.traffic->seconds();
    JsonLines all;
    all.add(fmt::format("\"name\": {}", json_text(facts.name)));
    all.add(fmt::format("\"version\": {}", json_text(kBundleVersion)));
    all.add(fmt::format("\"generation\": {}", facts.generation));
    all.add(fmt::format("\"now\": {}", moment(facts.now)));
    all.add(fmt::format("\"started\": {}", moment(facts.started)));
    all.add(fmt::format("\"not_ready\": {}",
                        facts.why_not_ready.empty() ? "null" : json_text(facts.why_not_ready)));
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
