// The front, asked what goes on: by admin.address, and by the master for `bundle status`.
#include <algorithm>

#include "frontend/answer/text_answer.hpp"
#include "frontend/front.hpp"
#include "frontend/observe/metrics_text.hpp"
#include "frontend/observe/process_facts.hpp"
#include "frontend/observe/status_json.hpp"
#include "frontend/observe/status_text.hpp"
#include "frontend/route/accept.hpp"
#include "frontend/route/health_answer.hpp"
#include "shared/base/log.hpp"
#include "shared/tls/certificate.hpp"

namespace bundle {

namespace {

constexpr std::string_view kJsonType = "application/json";
constexpr std::string_view kTextType = "text/plain; charset=utf-8";

WorkerFacts facts_of(const WorkerLink& link, RequestTimes::Moment now) {
    WorkerFacts worker{.slot = link.slot(),
                       .pid = link.pid(),
                       .generation = link.generation,
                       .leaving = link.retired,
                       .busy = !link.is_idle()};
    const AppRequest* request = link.serves();
    if (request == nullptr) return worker;
    constexpr std::size_t kMostShown = 192;
    worker.request = std::string(request->head->method) + ' ' +
                     std::string(request->head->target.substr(0, kMostShown));
    worker.request_id = request->request_id;
    worker.busy_for = now - request->handed_over;
    return worker;
}

// The memory of a worker with threads stands with the first of them.
void add_workers(AppStatus& app, const WorkerPool& pool, RequestTimes::Moment now) {
    for (const auto& link : pool.links()) {
        WorkerFacts worker = facts_of(*link, now);
        if (std::ranges::find(app.workers, worker.pid, &WorkerFacts::pid) == app.workers.end())
            worker.memory = resident_memory(static_cast<pid_t>(worker.pid));
        if (worker.busy) app.busy += worker.busy_for;
        app.workers.push_back(std::move(worker));
    }
}

}  // namespace

AppStatus Front::status_of(const WorkerPool& pool, RequestTimes::Moment now) const {
    const AppConfig& config = pool.config();
    AppStatus app{.name = config.name, .configured = config.workers, .threads = config.threads};
    app.waiting = pool.waiting();
    app.most_waiting = config.queue.max;
    if (const auto oldest = pool.oldest()) app.oldest = now - *oldest;
    app.busy = context_.snapshot->counters->of_app(config.name)->busy;
    add_workers(app, pool, now);
    for (const AppPools& earlier : dispatcher_.earlier_pools())
        if (const WorkerPool* leaving = earlier.find(config.name)) add_workers(app, *leaving, now);
    std::ranges::sort(app.workers, {}, &WorkerFacts::slot);
    return app;
}

StatusFacts Front::status() const {
    const Config& config = context_.snapshot->config;
    const auto now = RequestTimes::Moment::clock::now();
    StatusFacts facts{.name = config.server.name,
                      .generation = context_.snapshot->generation,
                      .now = std::chrono::system_clock::now(),
                      .started = started_};
    facts.why_not_ready = context_.stopping || context_.draining ? "bundle is told to stop"
                                                                 : dispatcher_.why_not_ready();
    // Who asks is no client.
    for (const auto& connection : connections_)
        if (!connection->is_admin()) ++facts.connections[connection->state_text()];
    facts.most_connections = most_connections_;
    for (const auto& pool : dispatcher_.pools().pools) facts.apps.push_back(status_of(*pool, now));
    facts.certificates = certificates_;
    facts.spool_bytes = context_.snapshot->space->used();
    facts.lost_log_lines = access_log_.lost();
    facts.counters = &context_.counters;
    facts.table = context_.snapshot->counters.get();
    return facts;
}

// What is shown to clients from now on.
void Front::note_certificates(const Credentials& credentials) {
    certificates_.clear();
    for (const Credential& credential : credentials.certificates)
        if (const auto parsed = parse_certificate(credential.certificate))
            certificates_.push_back(
                {credential.certificate_file, parsed->names, parsed->not_after});
}

Answer Front::answer(const RequestHead& head) const {
    if (head.method != "GET" && head.method != "HEAD") return {.status = 405};
    if (head.path == "/metrics") return text_answer(200, metrics_text(status()), kMetricsType);
    if (head.path == "/status" || head.path == "/") {
        const HeaderField* accept = find_field(head.fields, "accept");
        const bool for_people =
            accept != nullptr && preferred_text_kind(accept->value) != TextKind::Json;
        return for_people ? text_answer(200, status_text(status()), kTextType)
                          : text_answer(200, status_json(status()), kJsonType);
    }
    if (head.path == "/live") return health_answer("");
    if (head.path == "/ready") return health_answer(status().why_not_ready);
    return {.status = 404};
}

// In pieces that end with a line, as many as it takes.
void Front::tell_status(bool as_json) const {
    const std::string text = as_json ? status_json(status()) : status_text(status());
    std::string_view rest = text;
    while (!rest.empty()) {
        std::size_t end = rest.size();
        if (end > wire::kMaxControlText) end = rest.rfind('\n', wire::kMaxControlText - 1) + 1;
        if (end == 0) end = wire::kMaxControlText;
        const std::string_view piece = rest.substr(0, end);
        rest.remove_prefix(end);
        tell_master({.type = wire::ControlType::Status,
                     .count = rest.empty() ? 0U : 1U,
                     .app = {},
                     .text = std::string(piece)});
    }
}

// Of the configuration that serves from now on.
void Front::begin_statsd() {
    const StatsdConfig& config = context_.snapshot->config.metrics.statsd;
    context_.statsd.reset();
    told_workers_.reset();
    if (!config.is_on()) return;
    auto statsd = Statsd::create(config);
    if (!statsd) return log_error("metrics.statsd: {}", statsd.error().message);
    context_.statsd.emplace(std::move(*statsd));
}

// What no request tells of.
void Front::tell_statsd() {
    if (!context_.statsd) return;
    std::uint64_t workers = 0;
    std::uint64_t busy = 0;
    std::uint64_t waiting = 0;
    for (const auto& pool : dispatcher_.pools().pools) {
        workers += pool->worker_count();
        waiting += pool->waiting();
        for (const auto& link : pool->links()) busy += link->is_idle() ? 0 : 1;
    }
    // As gunicorn does: when it changes.
    if (std::exchange(told_workers_, workers) != workers)
        context_.statsd->gauge("gunicorn.workers", workers);
    context_.statsd->gauge("bundle.workers.busy", busy);
    context_.statsd->gauge("bundle.queue.depth", waiting);
}

}  // namespace bundle
