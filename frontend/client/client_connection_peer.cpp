// The first half of ClientConnection, before its requests: who the client is, by the PROXY protocol
// and by what trusted proxies say in the head.
#include <chrono>
#include <utility>

#include "frontend/client/client_connection.hpp"
#include "shared/base/log.hpp"

namespace bundle {

// False: whoever connected may not speak the PROXY protocol here, and nothing else may be spoken.
bool ClientConnection::begin_preface() {
    if (!peer_.is_proxy) {
        turn_away("not in trust.proxies, and the listener has proxy_protocol = true");
        return false;
    }
    preface_ = std::make_unique<ProxyProtocol>();
    return true;
}

// False when `bytes` are used up.
bool ClientConnection::read_preface(std::string_view& bytes) {
    switch (preface_->read(bytes)) {
        case ProxyProtocol::Outcome::NeedMore:
            return false;
        case ProxyProtocol::Outcome::Malformed:
            turn_away(preface_->complaint());
            return false;
        case ProxyProtocol::Outcome::Done:
            break;
    }
    peer_ = peer_behind(peer_, preface_->header(), context_.snapshot->trust.proxies);
    preface_.reset();
    if (listener_.speaks_tls()) {
        advance(ConnectionEvent::TlsExpected);
        begin_handshake();
        context_.owner.client_known(*this);
        if (state_ == ConnectionState::Handshake && !bytes.empty()) stream_.take_ciphertext(bytes);
        return false;
    }
    // The client's first byte has to come in the time that began with the connection: a proxy
    // connects when its client has.
    const TimePoint deadline = deadline_;
    advance(ConnectionEvent::PrefaceRead);
    deadline_ = deadline;
    context_.owner.client_known(*this);
    return true;
}

// Closes without a word: whoever it is does not speak HTTP to us.
void ClientConnection::turn_away(std::string_view why) {
    // Anybody who can connect can make us say this.
    constexpr std::chrono::seconds kNotMoreOftenThan{1};
    ++context_.turned_away;
    if (context_.now() - context_.turned_away_logged >= kNotMoreOftenThan) {
        log_warn("connection closed client={} reason={} connections={}", peer_.text.view(),
                 log_quoted(why), std::exchange(context_.turned_away, 0));
        context_.turned_away_logged = context_.now();
    }
    close();
}

// What the head says that only a trusted peer may say.
std::optional<Refusal> ClientConnection::read_trusted_claims() {
    Exchange& exchange = *exchange_;
    const TrustRules& rules = exchange.snapshot->trust;
    if (rules.underscores == UnderscoreHeaders::Refuse && has_underscore_name(exchange.head))
        return Refusal{400, "field name with an underscore"};
    if (!peer_.is_proxy) return std::nullopt;
    if (auto refusal = read_claims(exchange.head, rules, exchange.claims)) return refusal;
    if (const auto id = RequestId::from(exchange.claims.request_id)) exchange.id = *id;
    return std::nullopt;
}

ClientFacts ClientConnection::client_facts() {
    ClientFacts facts{.address = peer_.text.view(),
                      .port = peer_.port_text(),
                      .scheme = scheme(),
                      .server_port = listener_.port()};
    if (TlsSession* const tls = stream_.tls()) facts.tls = tls->variables();
    return peer_.is_proxy ? facts_by_proxy(facts, exchange_->head, exchange_->claims) : facts;
}

// By which the client came, as far as the connection or a trusted proxy tells.
std::string_view ClientConnection::scheme() const {
    const std::string_view told = exchange_->claims.scheme;
    if (!told.empty()) return told;
    return stream_.tls() != nullptr ? "https" : "http";
}

// For logs: of the request if there is one, else of the connection.
std::string_view ClientConnection::client_address() const {
    const std::string_view told = exchange_ ? exchange_->claims.address.view() : std::string_view();
    return told.empty() ? peer_.text.view() : told;
}

// The same as a value; none for a unix socket.
IpAddress ClientConnection::client_ip() const {
    const std::string_view told = exchange_->claims.address.view();
    return told.empty() ? peer_.address : IpAddress::parse(told).value_or(IpAddress());
}

}  // namespace bundle
