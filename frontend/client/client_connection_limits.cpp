// The third part of ClientConnection: deadlines, rates, and what a client is told that met a limit.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "frontend/client/client_connection.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace {

using Clock = std::chrono::steady_clock;

// A refusal's line shows so much of the request line: enough to know it by.
constexpr std::size_t kMostShown = 80;

// For a client that is turned away before it has said anything.
constexpr std::string_view kTurnedAway =
    "HTTP/1.1 503 Service Unavailable\r\n"
    "Content-Type: text/plain\r\nContent-Length: 21\r\nRetry-After: 5\r\nConnection: close\r\n\r\n"
    "too many connections\n";

std::string_view request_line_of(const RequestHead& head) {
    const std::string_view bytes = head.bytes;
    return bytes.substr(0, std::min(bytes.find('\r'), kMostShown));
}

}  // namespace

// ---- time ----

void ClientConnection::check_time(TimePoint now, milliseconds since_last) {
    if (state_ == ConnectionState::ReadBody) {
        exchange_->body_pace.waited(since_last);
        if (exchange_->body_pace.too_slow())
            return refuse({408, "the body comes too slowly", Limit::BodyMinRate});
    }
    if (state_ == ConnectionState::SendAnswer && stream_.waits()) {
        exchange_->send_pace.waited(since_last);
        // Asking how much it took costs a system call: only when it would be too slow.
        if (exchange_->send_pace.too_slow()) note_taken();
        if (exchange_->send_pace.too_slow()) return give_up_sending(Limit::SendMinRate);
    }
    if (deadline_ != TimePoint() && now >= deadline_) on_deadline();
}

void ClientConnection::on_deadline() {
    const ConnectionRule& rule = rule_of(state_);
    if (rule.on_expiry && request_begun())
        return refuse({*rule.on_expiry, "the client was too slow", rule.met});
    if (state_ == ConnectionState::SendAnswer) {
        // The kernel takes bytes in large steps; the client may have taken some of the last one.
        if (note_taken()) return enter(ConnectionState::SendAnswer);
        return give_up_sending(rule.met);
    }
    if (rule.met == Limit::HandshakeTimeout &&
        context_.refusals.may_tell(rule.met, context_.now())) {
        log_info("{}: {}: closed", client_name(), limit_text(rule.met, context_.snapshot->config));
    }
    log_debug("client ran out of time client={} while={}", client_address(),
              log_quoted(rule.doing));
    end_exchange();
    advance(ConnectionEvent::Lost);
}

// Whether the client has taken something since the last time.
bool ClientConnection::note_taken() {
    const std::uint64_t taken = stream_.taken();
    const std::uint64_t before = std::exchange(exchange_->taken, std::max(taken, exchange_->taken));
    if (taken <= before) return false;
    exchange_->send_pace.moved(taken - before);
    return true;
}

void ClientConnection::give_up_sending(Limit limit) {
    tell_limit(limit, 0);
    drop_answer();
}

ConnectionFacts ClientConnection::facts() const {
    const HttpConfig& http = context_.snapshot->config.http;
    const auto timeout = requests_ == 0 ? http.head_timeout : http.keepalive_timeout;
    // Who does not get on with its handshake keeps nobody out either.
    if (state_ == ConnectionState::Handshake)
        return {true, deadline_ - context_.snapshot->config.tls.handshake_timeout};
    return {state_ == ConnectionState::Idle && early_.empty(), deadline_ - timeout};
}

// ---- refusals ----

// The client broke a rule or a limit: it gets an answer, and no later byte of it is taken for a
// request.
void ClientConnection::refuse(const Refusal& refusal, std::span<const HeaderField> more_fields) {
    if (refusal.limit != Limit::None) {
        tell_limit(refusal.limit, refusal.status);
    } else {
        log_debug("client refused client={} status={} reason={} request_id={}", client_address(),
                  refusal.status, log_quoted(refusal.reason), exchange_->id.view());
    }
    exchange_->refused = true;
    early_.clear();
    answer_with_error(refusal.status, more_fields);
}

// No room for a body of which `bytes` more have come, or were announced.
void ClientConnection::refuse_for_space(std::uint64_t bytes) {
    const Limit met = exchange_->snapshot->space->met_by(bytes);
    refuse({507, "no room on disk for the body", met == Limit::None ? Limit::TempMinFree : met});
}

void ClientConnection::answer_refused(const Refusal& refusal) {
    if (awaits_body()) return abort(refusal.reason);
    if (!in_turn(awaits_head(), "a refusal")) return;
    if (refusal.limit != Limit::None) {
        tell_limit(refusal.limit, refusal.status);
    } else {
        log_warn("request refused status={} reason={} {}", refusal.status,
                 log_quoted(refusal.reason), request_facts());
    }
    answer_with_error(refusal.status);
}

// Which request it is, how long it waited for a worker, and how long a worker had it.
std::string ClientConnection::request_facts() const {
    using Seconds = std::chrono::duration<double>;
    constexpr std::size_t kMostOfTarget = 192;
    const RequestHead& head = exchange_->head;
    const AppRequest& request = exchange_->request;
    std::string facts = fmt::format("method={} target={} client={} request_id={}", head.method,
                                    log_quoted(head.target.substr(0, kMostOfTarget)), client_name(),
                                    exchange_->id.view());
    if (request.handed_over == TimePoint()) return facts;
    return facts + fmt::format(" queued={:.3f}s elapsed={:.3f}s",
                               Seconds(request.handed_over - request.queued).count(),
                               Seconds(TimePoint::clock::now() - request.handed_over).count());
}

// Status 0: closed without a word.
void ClientConnection::tell_limit(Limit limit, std::uint16_t status) {
    if (!context_.refusals.may_tell(limit, context_.now())) return;
    const Exchange& exchange = *exchange_;
    const Config& config = exchange.snapshot->config;
    const bool of_app =
        limit == Limit::QueueMax || limit == Limit::QueueTimeout || limit == Limit::QueueShare;
    const AppConfig* app = of_app ? &config.apps[exchange.request.app] : nullptr;
    const auto announced = exchange.head.content_length;
    log_info("{}: {}: {} received={}{} begins={} request_id={}", client_name(),
             limit_text(limit, config, app, &exchange.match.rules->http),
             status == 0 ? "closed" : std::to_string(status),
             exchange.head.bytes.size() + exchange.body.size(),
             announced ? fmt::format(" content_length={}", *announced) : "",
             log_quoted(request_line_of(exchange.head)), exchange.id.view());
}

void ClientConnection::tell_cut_off() const {
    if (!request_begun()) return;
    const std::chrono::duration<double> elapsed = Clock::now() - exchange_->received;
    log_warn("request cut off while={} client={} begins={} elapsed={:.3f}s request_id={}",
             log_quoted(rule_of(state_).doing), client_name(),
             log_quoted(request_line_of(exchange_->head)), elapsed.count(), exchange_->id.view());
}

std::string_view ClientConnection::client_name() const {
    const std::string_view address = client_address();
    return address.empty() ? "unix" : address;
}

void ClientConnection::refuse_connection(Limit limit) {
    if (context_.refusals.may_tell(limit, context_.now())) {
        log_info("{}: {}: 503", client_name(), limit_text(limit, context_.snapshot->config));
    }
    // A handshake, only to be told this, would cost more than the client is worth now.
    if (state_ == ConnectionState::Handshake) return advance(ConnectionEvent::Lost);
    // Whatever of it does not fit is lost: there is no one to wait for.
    stream_.write_now(std::array{kTurnedAway});
    advance(ConnectionEvent::TurnedAway);
    deadline_ = context_.now() + kTurnedAwayTime;
}

}  // namespace bundle
