// The first half of ClientConnection, before its requests: who the client is, by the PROXY
// protocol.
#include <chrono>
#include <utility>

#include "frontend/client/client_connection.hpp"
#include "shared/base/log.hpp"

namespace bundle {

// False: whoever connected may not speak the PROXY protocol here, and nothing else may be spoken.
bool ClientConnection::begin_preface() {
    if (!client_side_.peer.is_proxy) {
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
    client_side_.peer =
        peer_behind(client_side_.peer, preface_->header(), context_.snapshot->trust.proxies);
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
        log_warn("connection closed client={} reason={} connections={}",
                 client_side_.peer.text.view(), log_quoted(why),
                 std::exchange(context_.turned_away, 0));
        context_.turned_away_logged = context_.now();
    }
    close();
}

}  // namespace bundle
