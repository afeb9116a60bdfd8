// The front, asked what goes on: by admin.address, and by the master for `bundle status`.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "frontend/answer/text_answer.hpp"
#include "frontend/front.hpp"
#include "frontend/observe/metrics_text.hpp"
#include "frontend/observe/slow_text.hpp"
#include "frontend/observe/status_json.hpp"
#include "frontend/observe/status_page.hpp"
#include "frontend/observe/status_screen.hpp"
#include "frontend/observe/status_text.hpp"
#include "frontend/route/accept.hpp"
#include "frontend/route/health_answer.hpp"
#include "shared/base/log.hpp"
#include "shared/status/process_facts.hpp"
#include "shared/tls/certificate.hpp"
#include "shared/wire/slow_request.hpp"

namespace bundle {

namespace {

constexpr std::string_view kJsonType = "application/json";
constexpr std::string_view kTextType = "text/plain; charset=utf-8";
constexpr milliseconds kComeAgain{2'000};
using enum RecentEvents::Kind;

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
    AppStatus app{.name = config.name,
                  .configured = config.workers,
                  .threads = config.threads,
                  .slow_after = config.slow_after};
    app.waiting = pool.waiting();
    app.most_waiting = config.queue.max;
    if (const auto oldest = pool.oldest()) app.oldest = now - *oldest;
    const AppCounters& counters = *context_.snapshot->counters->of_app(config.name);
    app.busy = counters.busy;
    app.drops = counters.drops;
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
    facts.front_memory = resident_memory(getpid());
    facts.lost_error_lines = lost_log_lines();
    facts.counters = &context_.counters;
    facts.table = context_.snapshot->counters.get();
    facts.traffic = &traffic_;
    facts.events = &events_;
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

Answer Front::answer(std::string_view path, const RequestHead& head) const {
    if (head.method != "GET" && head.method != "HEAD") return {.status = 405};
    if (path == "/metrics")
        return text_answer(200, metrics_text(status()) + dispatcher_.app_metrics().text(),
                           kMetricsType);
    if (path == "/status" || path == "/") return answer_with_status(head);
    if (path == "/status/events") return begin_feed(head);
    if (path == "/live") return health_answer("");
    if (path == "/ready") return health_answer(status().why_not_ready);
    return part_of_status_page(path).value_or(Answer{.status = 404});
}

// JSON, unless a kind of text is asked for by its name.
Answer Front::answer_with_status(const RequestHead& head) const {
    const HeaderField* accept = find_field(head.fields, "accept");
    const std::string_view wish = accept != nullptr ? accept->value : std::string_view();
    const TextKind kind =
        wish.find("text/") == std::string_view::npos ? TextKind::Json : preferred_text_kind(wish);
    if (kind == TextKind::Html) return status_page();
    if (kind == TextKind::Plain) return text_answer(200, status_text(status()), kTextType);
    return text_answer(200, status_json(status()), kJsonType);
}

void Front::note_slow(const wire::ControlMessage& slow) {
    const wire::SlowRequest request = wire::decode_slow_request(slow.text);
    context_.slow.saw(slow.app, request.id, request.line, request.stack);
}

// ---- who watches ----

Answer Front::begin_feed(const RequestHead& head) const {
    if (head.has_body()) return {.status = 400};
    if (context_.draining || !feed_.has_room()) return {.status = 503};
    const std::string beginning = fmt::format("retry: {}\n", kComeAgain.count()) +
                                  stream_event("history", traffic_json(traffic_)) +
                                  stream_event("", status_json(status()));
    Answer begun = begun_answer(beginning, "text/event-stream");
    begun.goes_on = head.method == "GET";
    if (!begun.goes_on) begun.bytes = {};
    return begun;
}

// Often; it does something once a second.
void Front::watch_traffic(RequestTimes::Moment now) {
    if (!traffic_.look(*context_.snapshot->counters, now)) return;
    std::size_t waiting = 0;
    std::size_t busy = 0;
    for (const auto& pool : dispatcher_.pools().pools) {
        waiting += pool->waiting();
        busy += static_cast<std::size_t>(std::ranges::count_if(
            pool->links(), [](const auto& link) { return !link->is_idle(); }));
    }
    traffic_.note_load(waiting, busy);
    note_shed();
    if (!feed_.empty()) feed_.tell(stream_event("", status_json(status())));
}

void Front::note_shed() {
    for (const Limit limit : {Limit::QueueMax, Limit::QueueTimeout, Limit::QueueShare}) {
        const auto index = static_cast<std::size_t>(limit);
        const std::uint64_t met = context_.counters.met.at(index);
        const std::uint64_t more = met - std::exchange(told_shed_.at(index), met);
        if (more > 0)
            note(Trouble,
                 fmt::format("a request met {}, and was answered 503", limit_option(limit)), more);
    }
}

void Front::note(RecentEvents::Kind kind, std::string text, std::uint64_t count) {
    events_.add(kind, std::move(text), std::chrono::system_clock::now(), count);
}

void Front::note_worker_end(const wire::ControlMessage& ended) {
    ++context_.counters.worker_ends[{ended.app, ended.text}];
    const bool well = ended.text == "left";
    note(well ? Note : Trouble,
         well ? fmt::format("a worker of app {} left", ended.app)
              : fmt::format("a worker of app {} died: {}", ended.app, ended.text));
}

void Front::note_restarts(const wire::ControlMessage& restarts) {
    context_.counters.restarts[{restarts.app, restarts.text}] = restarts.count;
}

std::string Front::status_as(wire::StatusForm form) const {
    switch (form) {
        case wire::StatusForm::Json:
            return status_json(status());
        case wire::StatusForm::Screen:
            return status_screen(status());
        case wire::StatusForm::Slow:
            return slow_text(context_.slow);
        case wire::StatusForm::SlowJson:
            return slow_json(context_.slow);
        case wire::StatusForm::Text:
            break;
    }
    return status_text(status());
}

// In pieces that end with a line, as many as it takes.
void Front::tell_status(wire::StatusForm form) const {
    const std::string text = status_as(form);
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

// Once for each time that the log cannot be written, and when it can for a while.
void Front::tell_lost_lines() {
    constexpr milliseconds kWhile{2'000};
    const std::uint64_t lost = access_log_.lost();
    const std::string& path = context_.snapshot->config.log.access.path;
    const std::string_view name = path == "-" ? std::string_view("on standard output") : path;
    const bool loses = lost != std::exchange(told_lost_lines_, lost);
    if (loses) lost_lines_at_ = context_.now();
    if (loses && !std::exchange(loses_lines_, true)) {
        const int error = access_log_.last_error();
        log_warn("access log {}: {}; {} lines lost so far (bundle_log_lost_lines_total)", name,
                 error == EAGAIN ? "what takes it is too slow, or not there" : std::strerror(error),
                 lost);
    } else if (loses_lines_ && !access_log_.fails() && context_.now() - lost_lines_at_ >= kWhile) {
        loses_lines_ = false;
        log_info("access log {}: takes lines again; {} are lost", name, lost);
    }
}

// The time that workers have them is time that they are busy, wanted or not.
void Front::watch_left_requests() {
    dispatcher_.on_left_ended([this](const AppConfig& app, const LeftRequest& left) {
        const auto now = RequestTimes::Moment::clock::now();
        context_.snapshot->counters->of_app(app.name)->busy += now - left.since;
        const auto took = now - left.handed_over;
        if (app.slow_after != std::chrono::milliseconds::zero() && took >= app.slow_after)
            context_.slow.left_ended(app.name, left.id, took);
    });
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

void Front::tell_log_lines(std::string_view name, LogLevel level, std::uint64_t& told) {
    const std::uint64_t lines = log_lines_of(level);
    if (const std::uint64_t more = lines - std::exchange(told, lines))
        context_.statsd->count(name, more);
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
    tell_log_lines("gunicorn.log.error", LogLevel::Error, told_errors_);
    tell_log_lines("gunicorn.log.warning", LogLevel::Warn, told_warnings_);
    std::uint64_t backlog = 0;
    for (const auto& listener : listeners_) backlog += listener->backlog();
    context_.statsd->histogram("gunicorn.backlog", backlog);
    context_.statsd->gauge("bundle.workers.busy", busy);
    context_.statsd->gauge("bundle.queue.depth", waiting);
}

}  // namespace bundle
