// The third part of ClientConnection: deadlines and rates.
#include <array>
#include <utility>

#include "frontend/client/client_connection.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace {

using Clock = std::chrono::steady_clock;

// For a client that is turned away before it has said anything.
constexpr std::string_view kTurnedAway =
    "HTTP/1.1 503 Service Unavailable\r\n"
    "Content-Type: text/plain\r\nContent-Length: 21\r\nRetry-After: 5\r\nConnection: close\r\n\r\n"
    "too many connections\n";

}  // namespace

// ---- time ----

void ClientConnection::check_time(TimePoint now, milliseconds since_last) {
    if (state_ == ConnectionState::Multiplexed) return http2_->check_time(now, since_last);
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
    if (state_ == ConnectionState::Multiplexed) return {http2_->is_idle(), http2_->idle_since()};
    // Who does not get on with its handshake keeps nobody out either.
    if (state_ == ConnectionState::Handshake)
        return {true, deadline_ - context_.snapshot->config.tls.handshake_timeout};
    return {state_ == ConnectionState::Idle && early_.empty(), deadline_ - timeout};
}

std::uint32_t ClientConnection::cut_off() {
    if (http2_) return http2_->cut_off();
    if (!request_begun()) return 0;
    cut_off_exchange();
    return 1;
}

void ClientConnection::refuse_connection(Limit limit) {
    ++context_.counters.met[static_cast<std::size_t>(limit)];
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
