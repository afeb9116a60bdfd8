// The third part of Responder: what a client is told that broke a rule or met a limit.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "frontend/exchange/responder.hpp"
#include "frontend/route/fixed_answer.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace {

using Clock = std::chrono::steady_clock;

// A refusal's line shows so much of the request line: enough to know it by.
constexpr std::size_t kMostShown = 80;

}  // namespace

// The client broke a rule or a limit: it gets an answer, and no later byte of it is taken for a
// request.
void Responder::refuse(const Refusal& refusal) {
    exchange_->reason = refusal.reason;
    if (refusal.limit != Limit::None) {
        tell_limit(refusal.limit, refusal.status);
    } else {
        tell_mistake(refusal);
    }
    exchange_->refused = true;
    answer_with_error(refusal.status);
}

// No room for a body of which `bytes` more have come, or were announced.
void Responder::refuse_for_space(std::uint64_t bytes) {
    const Limit met = exchange_->snapshot->space->met_by(bytes);
    refuse({507, "no room on disk for the body", met == Limit::None ? Limit::TempMinFree : met});
}

void Responder::answer_refused(const Refusal& refusal) {
    // As gunicorn counts its WORKER TIMEOUT.
    if (context_.statsd && refusal.status == 504) context_.statsd->count("gunicorn.log.critical");
    if (awaits_body()) return abort(refusal.reason);
    if (!in_turn(awaits_head(), "a refusal")) return;
    exchange_->reason = refusal.reason;
    note_drop(refusal.limit);
    if (refusal.limit != Limit::None) {
        tell_limit(refusal.limit, refusal.status);
    } else {
        log_of(LogLevel::Warn, exchange_->id.view(),
               fmt::format("request refused status={} reason={} {}", refusal.status,
                           log_quoted(refusal.reason), request_facts()));
    }
    answer_with_error(refusal.status);
}

void Responder::note_drop(Limit limit) const {
    AppCounters& counters = *exchange_->snapshot->app_counters[exchange_->request.app];
    if (limit == Limit::QueueMax) counters.dropped(QueueDrop::Full);
    if (limit == Limit::QueueShare) counters.dropped(QueueDrop::Share);
    if (limit == Limit::QueueTimeout) counters.dropped(QueueDrop::Timeout);
}

// Which request it is, how long it waited for a worker, and how long a worker had it.
std::string Responder::request_facts() const {
    using Seconds = std::chrono::duration<double>;
    constexpr std::size_t kMostOfTarget = 192;
    const RequestHead& head = exchange_->head;
    const AppRequest& request = exchange_->request;
    std::string facts = fmt::format("method={} target={} client={} {}", head.method,
                                    log_quoted(head.target.substr(0, kMostOfTarget)), client_name(),
                                    OfRequest{exchange_->id.view()});
    if (request.handed_over == TimePoint()) return facts;
    return facts + fmt::format(" queued={:.3f}s elapsed={:.3f}s",
                               Seconds(request.handed_over - request.queued).count(),
                               Seconds(TimePoint::clock::now() - request.handed_over).count());
}

// Status 0: closed without a word.
void Responder::tell_limit(Limit limit, std::uint16_t status) {
    Exchange& exchange = *exchange_;
    if (exchange.reason.empty()) exchange.reason = limit_option(limit);
    ++context_.counters.met[static_cast<std::size_t>(limit)];
    if (!context_.refusals.may_tell(limit, context_.now())) return;
    const Config& config = exchange.snapshot->config;
    const bool of_app =
        limit == Limit::QueueMax || limit == Limit::QueueTimeout || limit == Limit::QueueShare;
    const AppConfig* app = of_app ? &config.apps[exchange.request.app] : nullptr;
    const auto announced = exchange.head.content_length;
    log_info("{}: {}: {} received={}{} begins={} {}", client_name(),
             limit_text(limit, config, app, &exchange.match.rules->http),
             status == 0 ? "closed" : std::to_string(status),
             exchange.head.bytes.size() + exchange.body.size(),
             announced ? fmt::format(" content_length={}", *announced) : "",
             log_quoted(exchange.head.begin_of_line(kMostShown)), OfRequest{exchange.id.view()});
}

// What the client did wrong, in as few lines as its limits are told.
void Responder::tell_mistake(const Refusal& refusal) {
    if (!context_.refusals.may_tell(Limit::None, context_.now())) return;
    log_info("client refused client={} status={} reason={} begins={} {}", client_name(),
             refusal.status, log_quoted(refusal.reason),
             log_quoted(exchange_->head.begin_of_line(kMostShown)),
             OfRequest{exchange_->id.view()});
}

// The answer cannot be completed, and the client must not take what it got for the whole of it.
void Responder::abort(std::string_view why) {
    log_of(LogLevel::Warn, exchange_->id.view(),
           fmt::format("answer aborted reason={} {}", log_quoted(why), request_facts()));
    exchange_->reason = why;
    drop_answer();
}

// Nobody will answer it any more. A client that has no byte of an answer is told so.
void Responder::cut_off_exchange() {
    const std::chrono::duration<double> elapsed = Clock::now() - exchange_->times.received;
    log_warn("request cut off while={} client={} begins={} elapsed={:.3f}s {}", log_quoted(doing()),
             client_name(), log_quoted(exchange_->head.begin_of_line(kMostShown)), elapsed.count(),
             OfRequest{exchange_->id.view()});
    constexpr std::string_view kWhy = "bundle was told to stop now";
    constexpr std::uint16_t kUnavailable = 503;
    if (exchange_->answer.status() == 0) return refuse({kUnavailable, kWhy});
    exchange_->reason = kWhy;
    log_access(answer_bytes_sent() > 0 ? exchange_->answer.status() : FixedAnswer::kClose);
}

std::string_view Responder::client_name() const {
    const std::string_view address = client_address();
    return address.empty() ? "unix" : address;
}

}  // namespace bundle
