#include "frontend/client/client_connection.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "shared/base/check.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace {

constexpr char kTlsRecord = 22;  // begins a handshake of TLS, and no request

// What a client may send ahead of its answers before we stop reading it.
constexpr std::size_t kMostEarly = 64U << 10;

// What came together is kept together: a client that sends chunks of a byte must not cost a write
// to disk for each.
std::string_view joined(std::span<const std::string_view> pieces, std::string& scratch) {
    if (pieces.empty()) return {};
    if (pieces.size() == 1) return pieces.front();
    scratch.clear();
    for (const std::string_view piece : pieces) scratch.append(piece);
    return scratch;
}

}  // namespace

ClientConnection::ClientConnection(ClientContext& context, const Listener& listener)
    : Responder(context, client_side_),
      stream_(context.loop, listener.kind(), context.slab, *this),
      listener_(listener) {
    client_side_.server_port = listener.port();
    client_side_.is_admin = listener.is_admin();
}

bool ClientConnection::accept() {
    const bool accepted = stream_.accept_from(listener_.stream());
    const auto peer =
        accepted ? peer_of(stream_.fd(), context_.snapshot->trust.proxies) : std::optional<Peer>();
    if (!peer) {
        close();
        return false;
    }
    client_side_.peer = *peer;
    if (listener_.speaks_proxy_protocol() && !begin_preface()) return false;
    if (preface_) {
        enter(ConnectionState::ReadPreface);
    } else if (listener_.speaks_tls()) {
        begin_handshake();
    } else {
        await_first_request();
    }
    stream_.start_reading();
    return true;
}

// A client that connects and says nothing is not kept for as long as one that has been served.
void ClientConnection::await_first_request() {
    enter(ConnectionState::Idle);
    if (!context_.draining)
        deadline_ = context_.now() + context_.snapshot->config.http.head_timeout;
}

// ---- from the socket ----

void ClientConnection::on_bytes(std::string_view bytes) {
    if (state_ == ConnectionState::Multiplexed) return http2_->read(bytes);
    process(bytes);
    resume();
}

void ClientConnection::on_end() {
    half_closed_ = true;
    if (state_ == ConnectionState::Multiplexed) {
        if (!http2_->client_ended()) on_broken();
        return;
    }
    // A client that only ended its own side still reads the answer to what it asked; one that has
    // asked for nothing whole, or still waits in the queue, is taken to be gone.
    const bool being_served =
        expects_answer() && !(exchange_ && Dispatcher::waits(exchange_->request));
    if (!being_served) return on_broken();
    if (exchange_) Dispatcher::client_ended(exchange_->request);
    reading_ = false;
    stream_.stop_reading();
}

void ClientConnection::on_broken() {
    if (state_ == ConnectionState::Closed) return;
    if (http2_) http2_->end_streams();
    if (request_begun()) {
        log_access(answer_bytes_sent() > 0 ? exchange_->answer.status() : kClientLeft);
    }
    end_exchange();
    advance(ConnectionEvent::Lost);
}

void ClientConnection::on_writable() {
    if (state_ == ConnectionState::Multiplexed) return http2_->on_writable();
    if (state_ == ConnectionState::SendAnswer) {
        note_taken();
        enter(ConnectionState::SendAnswer);  // the client took something: its time begins anew
        send();
    }
    resume();
}

void ClientConnection::on_closed() { context_.owner.connection_closed(*this); }

void ClientConnection::drain() {
    if (state_ == ConnectionState::Multiplexed) return http2_->go_away();
    if (state_ == ConnectionState::Idle || !request_begun()) {
        deadline_ = std::min(deadline_, context_.now() + context_.drain_grace);
    }
}

// A blank line after the last request is no request (RFC 9112 section 2.2): nobody is told of it.
bool ClientConnection::request_begun() const {
    return exchange_ != nullptr &&
           (state_ != ConnectionState::ReadHead || exchange_->parser.has_begun());
}

void ClientConnection::close() {
    end_exchange();
    if (http2_) http2_->end_streams();
    if (state_ != ConnectionState::Closed) enter(ConnectionState::Closed);
}

// ---- states ----

bool ClientConnection::expects_answer() const {
    return state_ == ConnectionState::AwaitAnswer || state_ == ConnectionState::SendAnswer;
}

void ClientConnection::advance(ConnectionEvent event) {
    const auto next = next_state(state_, event);
    BUNDLE_CHECK(next.has_value());
    enter(*next);
}

// Alone assigns the state; arms its deadline.
void ClientConnection::enter(ConnectionState state) {
    state_ = state;
    const ConnectionRule& rule = rule_of(state);
    const HttpConfig& http =
        exchange_ ? exchange_->match.rules->http : context_.snapshot->config.http;
    deadline_ = rule.limit != nullptr
                    ? context_.now() + rule.limit(http, context_.snapshot->config.tls)
                    : TimePoint();
    const bool may_be_silent =
        state == ConnectionState::Idle || state == ConnectionState::Handshake;
    if (may_be_silent && context_.draining) {
        deadline_ = context_.now() + context_.drain_grace;
    }
    if (state == ConnectionState::Linger) {
        deadline_ =
            context_.now() + (context_.draining ? context_.drain_grace : milliseconds(kLingerTime));
        stream_.shut_down_writing();
        // What it sends is read, and discarded: what stands unread would reset the connection.
        early_.clear();
        read_on();
    }
    if (state == ConnectionState::Closed) stream_.close();
}

// Goes on with what came early, now that the answer before it is sent.
void ClientConnection::resume() {
    while (state_ == ConnectionState::Idle && !early_.empty()) {
        const std::string bytes = std::exchange(early_, {});
        process(bytes);
    }
    if (state_ == ConnectionState::Idle && half_closed_) return advance(ConnectionEvent::Lost);
    // What came early is the beginning of a request whose rest will never come.
    const bool reads_request =
        state_ == ConnectionState::ReadHead || state_ == ConnectionState::ReadBody;
    if (reads_request && half_closed_) return on_broken();
    if (state_ != ConnectionState::Closed && reads_ahead()) read_on();
}

// Whether the client may send more while its answers are under way.
bool ClientConnection::reads_ahead() const {
    return early_.size() < kMostEarly && (exchange_ == nullptr || exchange_->behind < kMostEarly);
}

void ClientConnection::read_on() {
    if (reading_ || half_closed_) return;
    reading_ = true;
    stream_.start_reading();
}

// ---- a request ----

void ClientConnection::process(std::string_view bytes) {
    while (process_some(bytes)) {
    }
}

// False when `bytes` are used up, or kept.
bool ClientConnection::process_some(std::string_view& bytes) {
    switch (state_) {
        case ConnectionState::ReadPreface:
            return read_preface(bytes);
        case ConnectionState::Handshake:
            return false;
        case ConnectionState::Idle:
            if (bytes.empty()) return false;
            if (requests_ == 0 && begins_http2(bytes)) return false;
            if (bytes.front() == kTlsRecord && requests_ == 0) tell_tls_on_plain_port();
            begin_request();
            return true;
        case ConnectionState::ReadHead:
            switch (exchange_->parser.read_head(bytes, exchange_->head)) {
                case http1::Progress::NeedMore:
                    return false;
                case http1::Progress::Refused:
                    refuse(exchange_->parser.refusal());
                    return true;
                case http1::Progress::Done:
                    head_done(bytes);
                    return true;
            }
            return false;
        case ConnectionState::ReadBody:
            return read_body(bytes);
        case ConnectionState::AwaitAnswer:
        case ConnectionState::SendAnswer:
            keep_for_later(bytes);
            return false;
        case ConnectionState::Multiplexed:
        case ConnectionState::Linger:
        case ConnectionState::Closed:
            return false;
    }
    return false;
}

void ClientConnection::keep_for_later(std::string_view bytes) {
    // No byte behind the last request, or behind a refusal, is ever taken for a request.
    if (is_last()) {
        exchange_->behind += bytes.size();
    } else {
        early_.append(bytes);
    }
    if (reads_ahead() || !reading_) return;
    reading_ = false;
    stream_.stop_reading();
}

void ClientConnection::begin_request() {
    begin_exchange();
    ++requests_;
    advance(ConnectionEvent::FirstByte);
}

void ClientConnection::head_done(std::string_view bytes_behind) {
    switch (meet_head()) {
        case HeadOutcome::Answered:
            return;
        case HeadOutcome::IsWhole:
            return request_done(bytes_behind);
        case HeadOutcome::NeedsBody:
            break;
    }
    advance(ConnectionEvent::HeadDone);
    if (exchange_->head.expects_continue && bytes_behind.empty()) {
        send_interim(kContinue);
    }
}

// False when `bytes` are used up.
bool ClientConnection::read_body(std::string_view& bytes) {
    Exchange& exchange = *exchange_;
    std::vector<std::string_view>& pieces = context_.pieces;
    pieces.clear();
    exchange.body_pace.moved(bytes.size());
    const auto progress = exchange.parser.read_body(bytes, pieces);
    if (!take_body(joined(pieces, context_.scratch))) return true;
    if (progress == http1::Progress::Refused) {
        refuse(exchange.parser.refusal());
        return true;
    }
    if (progress == http1::Progress::Done) {
        request_done(bytes);
        return true;
    }
    enter(ConnectionState::ReadBody);  // the client sent something: its time begins anew
    return false;
}

void ClientConnection::request_done(std::string_view bytes_behind) {
    Exchange& exchange = *exchange_;
    exchange.behind = is_last() ? bytes_behind.size() : 0;
    advance(ConnectionEvent::RequestDone);
    respond();
}

}  // namespace bundle
