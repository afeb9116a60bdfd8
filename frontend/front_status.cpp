// The front, asked what goes on: by admin.address, and by the master for `bundle status`.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "frontend/answer/text_answer.hpp"
#include "frontend/front.hpp"
#include "frontend/observe/app_status.hpp"
#include "frontend/observe/metrics_text.hpp"
#include "frontend/observe/queue_text.hpp"
#include "frontend/observe/slow_text.hpp"
#include "frontend/observe/status_json.hpp"
#include "frontend/observe/status_page.hpp"
#include "frontend/observe/status_screen.hpp"
#include "frontend/observe/status_text.hpp"
#include "frontend/route/accept.hpp"
#include "frontend/route/health_answer.hpp"
#include "shared/base/log.hpp"
#include "shared/status/each_app.hpp"
#include "shared/status/process_facts.hpp"
#include "shared/status/workers_json.hpp"
#include "shared/status/workers_text.hpp"
#include "shared/tls/certificate.hpp"
#include "shared/wire/slow_request.hpp"

namespace bundle {

namespace {

constexpr std::string_view kJsonType = "application/json";
constexpr std::string_view kTextType = "text/plain; charset=utf-8";
constexpr milliseconds kComeAgain{2'000};
using enum RecentEvents::Kind;

std::string apps_json(const std::string& list) { return "{\"apps\": " + list + "}\n"; }

}  // namespace

AppStatus Front::status_of(const WorkerPool& pool, RequestTimes::Moment now) const {
    const AppCounters& counters = *context_.snapshot->counters->of_app(pool.config().name);
    AppStatus app = app_status(dispatcher_.pools(), pool, counters, now);
    for (const AppPools& earlier : dispatcher_.earlier_pools())
        add_earlier_workers(app, earlier, now);
    return app;
}

std::vector<AppStatus> Front::status_of_apps(std::string_view only) const {
    const auto now = RequestTimes::Moment::clock::now();
    std::vector<AppStatus> apps;
    for (const auto& pool : dispatcher_.pools().pools)
        if (only.empty() || pool->config().name == only) apps.push_back(status_of(*pool, now));
    return apps;
}

StatusFacts Front::status() const {
    const Config& config = context_.snapshot->config;
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
    facts.apps = status_of_apps();
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
        if (more == 0) continue;
        note(Trouble, fmt::format("a request met {}, and was answered 503", limit_option(limit)),
             more);
        if (context_.statsd)
            context_.statsd->count(statsd_name("bundle.shed.", limit_option(limit)), more);
    }
}

void Front::note(RecentEvents::Kind kind, std::string text, std::uint64_t count) {
    events_.add(kind, std::move(text), std::chrono::system_clock::now(), count);
}

void Front::note_worker_end(const wire::ControlMessage& ended) {
    ++context_.counters.worker_ends[{ended.app, ended.text}];
    const bool well = ended.text == "left";
    if (!well && context_.statsd)
        context_.statsd->count(statsd_name("bundle.workers.killed.", ended.text));
    note(well ? Note : Trouble,
         well ? fmt::format("a worker of app {} left", ended.app)
              : fmt::format("a worker of app {} died: {}", ended.app, ended.text));
}

void Front::note_restarts(const wire::ControlMessage& restarts) {
    context_.counters.restarts[{restarts.app, restarts.text}] = restarts.count;
}

// A walk over all of them, which nothing keeps a list of; only those that are listed are written
// out.
RequestsInProgress Front::requests(std::string_view app) const {
    std::vector<const Responder*> all;
    for (const auto& connection : connections_)
        if (!connection->is_admin()) connection->add_requests(all);
    if (!app.empty())
        std::erase_if(all, [&](const Responder* one) { return one->asked_app() != app; });
    RequestsInProgress requests;
    for (const Responder* one : all)
        ++requests.by_state.at(static_cast<std::size_t>(one->request_state()));
    const auto listed = std::min(all.size(), RequestsInProgress::kMostListed);
    const auto end = all.begin() + static_cast<std::ptrdiff_t>(listed);
    std::ranges::partial_sort(all, end, {}, &Responder::request_began);
    const auto now = Responder::TimePoint::clock::now();
    for (auto one = all.begin(); one != end; ++one)
        requests.oldest.push_back((*one)->progress(now));
    return requests;
}

std::string Front::status_as(wire::StatusForm form, std::string_view app) const {
    switch (form) {
        case wire::StatusForm::Json:
            return status_json(status());
        case wire::StatusForm::Screen:
            return status_screen(status());
        case wire::StatusForm::Slow:
            return slow_text(context_.slow);
        case wire::StatusForm::SlowJson:
            return slow_json(context_.slow);
        case wire::StatusForm::Workers:
            return text_of_apps(status_of_apps(app), workers_text);
        case wire::StatusForm::WorkersJson:
            return apps_json(json_of_apps(status_of_apps(app), workers_members));
        case wire::StatusForm::Requests:
            return requests_text(requests(app));
        case wire::StatusForm::RequestsJson:
            return requests_json(requests(app));
        case wire::StatusForm::Queue:
            return text_of_apps(status_of_apps(app), queue_text);
        case wire::StatusForm::QueueJson:
            return apps_json(json_of_apps(status_of_apps(app), queue_members));
        case wire::StatusForm::Text:
            break;
    }
    return status_text(status());
}

// In pieces that end with a line, as many as it takes.
void Front::tell_status(wire::StatusForm form, std::string_view app) const {
    const std::string text = status_as(form, app);
    const bool tells_ready = form == wire::StatusForm::Text || form == wire::StatusForm::Json;
    const std::string why_not_ready = tells_ready ? status().why_not_ready : "";
    std::string_view rest = text;
    while (!rest.empty()) {
        std::size_t end = rest.size();
        if (end > wire::kMaxControlText) end = rest.rfind('\n', wire::kMaxControlText - 1) + 1;
        if (end == 0) end = wire::kMaxControlText;
        const std::string_view piece = rest.substr(0, end);
        rest.remove_prefix(end);
        tell_master({.type = wire::ControlType::Status,
                     .count = rest.empty() ? 0U : 1U,
                     .app = rest.empty() ? why_not_ready : "",
                     .text = std::string(piece)});
    }
}

void Front::tell_left_out() {
    context_.refusals.sweep(context_.now(), [](Limit limit, std::uint64_t more) {
        log_info("and {} more clients met {}", more,
                 limit == Limit::None ? "a refusal" : limit_option(limit));
    });
    if (const auto more = context_.tls_lines.take_left_out(context_.now()))
        log_info("and TLS failed for {} more clients", more);
    tell_lost_lines();
    flush_log();
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

}  // namespace bundle
