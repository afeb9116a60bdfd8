#include "frontend/observe/metrics_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <utility>

#include "frontend/observe/metric_words.hpp"
#include "shared/base/version.hpp"

namespace bundle {

namespace {

using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

constexpr std::array<std::string_view, 6> kClasses = {"other", "1xx", "2xx", "3xx", "4xx", "5xx"};

enum class Kind { Counter, Gauge, Histogram };

double unix_seconds(std::chrono::system_clock::time_point moment) {
    return FloatSeconds(moment.time_since_epoch()).count();
}

class Writer {
  public:
    // Everything of a name stands together, below this.
    void family(Kind kind, std::string_view name, std::string_view help) {
        constexpr std::array<std::string_view, 3> kKinds = {"counter", "gauge", "histogram"};
        name_ = name;
        append_family(out_, "bundle_" + name_, help, kKinds.at(static_cast<std::size_t>(kind)));
    }

    template <typename Number>
    void sample(Labels labels, Number number) {
        sample("", labels, number);
    }

    template <typename Number>
    void single(Kind kind, std::string_view name, std::string_view help, Number number) {
        family(kind, name, help);
        sample({}, number);
    }

    void histogram(std::string_view site, std::string_view route, std::string_view part,
                   const Histogram& histogram) {
        std::uint64_t count = 0;
        for (std::size_t bucket = 0; bucket <= Histogram::kBounds.size(); ++bucket) {
            count += histogram.in_bucket(bucket);
            const std::string bound = bucket < Histogram::kBounds.size()
                                          ? fmt::format("{:g}", Histogram::kBounds[bucket] / 1e3)
                                          : "+Inf";
            sample("_bucket",
                   {
                       {"site",  site },
                       {"route", route},
                       {"part",  part },
                       {"le",    bound}
            },
                   count);
        }
        const Labels labels = {
            {"site",  site },
            {"route", route},
            {"part",  part }
        };
        sample("_sum", labels, FloatSeconds(histogram.sum()).count());
        sample("_count", labels, count);
    }

    std::string take() { return std::move(out_); }

  private:
    template <typename Number>
    void sample(std::string_view suffix, Labels labels, Number number) {
        out_ += fmt::format("bundle_{}{}", name_, suffix);
        char before = '{';
        for (const auto& [label, value] : labels) {
            out_ += before;
            append_label(out_, label, value);
            before = ',';
        }
        if (before == ',') out_ += '}';
        out_ += fmt::format(" {}\n", number);
    }

    std::string name_;
    std::string out_;
};

void write_requests(Writer& to, const CounterTable& table) {
    to.family(Kind::Counter, "requests_total", "Requests that are over, by what they met.");
    for (const auto& [names, counters] : table.routes())
        for (std::size_t i = 0; i < counters->by_class.size(); ++i)
            to.sample(
                {
                    {"site",   names.first },
                    {"route",  names.second},
                    {"status", kClasses[i] }
            },
                counters->by_class[i]);
    to.family(Kind::Counter, "response_bytes_total", "Bytes of answers that were sent.");
    for (const auto& [names, counters] : table.routes())
        to.sample(
            {
                {"site",  names.first },
                {"route", names.second}
        },
            counters->bytes_sent);
    to.family(Kind::Histogram, "request_seconds",
              "Time of requests and of its parts: read, queue, app (app_first: to the head of its "
              "answer), send, total.");
    for (const auto& [names, counters] : table.routes())
        for (std::size_t i = 0; i < kCountedParts.size(); ++i)
            to.histogram(names.first, names.second, kCountedParts[i].second, counters->parts[i]);
}

void write_connections(Writer& to, const StatusFacts& facts) {
    to.family(Kind::Gauge, "connections", "Connections of clients, by what they do.");
    for (const auto& [doing, count] : facts.connections)
        to.sample(
            {
                {"state", doing}
        },
            count);
    to.single(Kind::Gauge, "connections_max", "How many there may be (server.max_connections).",
              facts.most_connections);
    to.single(Kind::Counter, "connections_accepted_total", "Connections that were accepted.",
              facts.counters->accepted);
    to.family(Kind::Counter, "limits_met_total",
              "Requests and connections that were refused or cut off, by the limit they met.");
    for (std::size_t i = 1; i < kLimitCount; ++i)
        to.sample(
            {
                {"limit", limit_option(static_cast<Limit>(i))}
        },
            facts.counters->met[i]);
}

// One number of each application.
template <typename Number>
void write_each_app(Writer& to, const StatusFacts& facts, Number number) {
    for (const AppStatus& app : facts.apps)
        to.sample(
            {
                {"app", app.name}
        },
            number(app));
}

void write_queues(Writer& to, const StatusFacts& facts) {
    to.family(Kind::Gauge, "queue_length", "Requests that wait for a worker.");
    write_each_app(to, facts, [](const AppStatus& app) { return app.waiting; });
    to.family(Kind::Gauge, "queue_max", "How many may wait (queue.max).");
    write_each_app(to, facts, [](const AppStatus& app) { return app.most_waiting; });
    to.family(Kind::Gauge, "queue_oldest_seconds", "So long the first of them has waited.");
    write_each_app(to, facts, [](const AppStatus& app) { return app.oldest.count(); });
    to.family(Kind::Counter, "queue_drops_total",
              "Requests that left the queue without a worker, by the reason.");
    for (const AppStatus& app : facts.apps)
        for (std::size_t i = 0; i < kQueueDrops.size(); ++i)
            to.sample(
                {
                    {"app",    app.name      },
                    {"reason", kQueueDrops[i]}
            },
                app.drops[i]);
}

void write_workers(Writer& to, const StatusFacts& facts) {
    to.family(Kind::Gauge, "workers_min", "Workers that the configuration asks for, at least.");
    write_each_app(to, facts, [](const AppStatus& app) { return app.configured.min; });
    to.family(Kind::Gauge, "workers_max", "The same, at most.");
    write_each_app(to, facts, [](const AppStatus& app) { return app.configured.max; });
    to.family(Kind::Gauge, "workers", "Workers (each of their threads), by what they do.");
    for (const AppStatus& app : facts.apps) {
        const std::size_t busy = app.count_busy();
        const auto booting =
            static_cast<std::size_t>(std::ranges::count_if(app.workers, &WorkerFacts::is_booting));
        const auto leaving = static_cast<std::size_t>(
            std::ranges::count_if(app.workers, [](const WorkerFacts& worker) {
                return worker.leaving && worker.state == wire::WorkerState::Idle;
            }));
        const std::array<std::pair<std::string_view, std::size_t>, 4> states = {
            {{"busy", busy},
             {"idle", app.workers.size() - busy - leaving - booting},
             {"leaving", leaving},
             {"booting", booting}}
        };
        for (const auto& [state, count] : states)
            to.sample(
                {
                    {"app",   app.name},
                    {"state", state   }
            },
                count);
    }
    to.family(Kind::Counter, "worker_busy_seconds_total", "Time that workers had requests.");
    write_each_app(to, facts, [](const AppStatus& app) { return app.busy.count(); });
    to.family(
        Kind::Gauge, "worker_memory_bytes",
        "Resident memory of the worker of that slot, and of one before it that still leaves.");
    for (const AppStatus& app : facts.apps) {
        std::map<std::uint32_t, std::uint64_t> of_slots;  // a pid would be a series for ever
        for (const WorkerFacts& worker : app.workers)
            if (worker.memory) of_slots[worker.slot] += *worker.memory;
        for (const auto& [slot, memory] : of_slots)
            to.sample(
                {
                    {"app",    app.name                   },
                    {"worker", fmt::format_int(slot).str()}
            },
                memory);
    }
    to.family(Kind::Counter, "worker_ends_total", "Workers that ended, by how.");
    for (const auto& [of, count] : facts.counters->worker_ends)
        to.sample(
            {
                {"app",    of.first },
                {"reason", of.second}
        },
            count);
}

void write_restarts(Writer& to, const FrontCounters& counters) {
    to.family(Kind::Counter, "restarts_total",
              "Fronts and arbiters that were started again, by how the one before had ended.");
    for (const auto& [of, count] : counters.restarts)
        to.sample(
            {
                {"process", of.first },
                {"reason",  of.second}
        },
            count);
}

void write_tls(Writer& to, const StatusFacts& facts) {
    to.family(Kind::Counter, "tls_handshakes_total", "Handshakes of TLS.");
    to.sample(
        {
            {"result", "done"}
    },
        facts.counters->handshakes);
    to.sample(
        {
            {"result", "failed"}
    },
        facts.counters->handshake_failures);
    to.family(Kind::Gauge, "certificate_not_after_seconds",
              "When a certificate expires, in seconds since 1970.");
    for (const CertificateStatus& certificate : facts.certificates)
        to.sample(
            {
                {"file", certificate.file}
        },
            unix_seconds(certificate.not_after));
}

}  // namespace

std::string metrics_text(const StatusFacts& facts) {
    Writer to;
    to.family(Kind::Gauge, "info", "Which bundle this is.");
    to.sample(
        {
            {"name",    facts.name    },
            {"version", kBundleVersion}
    },
        1);
    to.single(Kind::Gauge, "start_time_seconds", "When it was started, in seconds since 1970.",
              unix_seconds(facts.started));
    to.single(Kind::Gauge, "ready", "Whether it takes requests for every application.",
              facts.why_not_ready.empty() ? 1 : 0);
    to.single(Kind::Gauge, "generation", "Which reading of the configuration serves.",
              facts.generation);
    to.family(Kind::Counter, "reloads_total", "Reloads, by how they ended.");
    to.sample(
        {
            {"result", "done"}
    },
        facts.counters->reloads);
    to.sample(
        {
            {"result", "failed"}
    },
        facts.counters->failed_reloads);
    write_requests(to, *facts.table);
    write_connections(to, facts);
    write_queues(to, facts);
    write_workers(to, facts);
    write_restarts(to, *facts.counters);
    write_tls(to, facts);
    if (facts.front_memory)
        to.single(Kind::Gauge, "front_memory_bytes", "Resident memory of the front.",
                  *facts.front_memory);
    to.single(Kind::Gauge, "spool_bytes", "Bytes of bodies and answers on disk.",
              facts.spool_bytes);
    to.single(Kind::Counter, "log_lost_lines_total",
              "Lines of the access log that could not be written.", facts.lost_log_lines);
    to.single(Kind::Counter, "error_log_lost_lines_total",
              "Lines of the front's error log that could not be written.", facts.lost_error_lines);
    return to.take();
}

}  // namespace bundle
