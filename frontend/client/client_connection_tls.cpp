// The beginning of a ClientConnection where its listener speaks TLS, and what is told of clients
// who do not.
#include <array>
#include <string_view>

#include "frontend/client/client_connection.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace {

constexpr std::string_view kPlainHttp =
    "HTTP/1.1 400 Bad Request\r\n"
    "Content-Type: text/plain\r\nContent-Length: 55\r\nConnection: close\r\n\r\n"
    "plain HTTP was sent to an HTTPS port; ask for https://\n";

}  // namespace

void ClientConnection::begin_handshake() {
    enter(ConnectionState::Handshake);
    stream_.begin_tls(context_.tls, *context_.tls_buffers, listener_.protocols());
    client_side_.tls = stream_.tls();
}

void ClientConnection::on_secured() {
    ++context_.counters.handshakes;
    advance(ConnectionEvent::Secured);
    if (client_side_.tls->speaks_http2()) return begin_http2();
    await_first_request();
}

void ClientConnection::on_tls_fault(const TlsFault& fault) {
    tell_tls_fault(fault);
    if (state_ != ConnectionState::Handshake) return on_broken();
    ++context_.counters.handshake_failures;
    if (fault.kind == TlsFault::Kind::PlainHttp) {
        stream_.end_tls();
        client_side_.tls = nullptr;
        stream_.write_now(std::array{kPlainHttp});
    }
    // What it has on its way must not reset the connection before it has read that, or our alert.
    advance(ConnectionEvent::TurnedAway);
    deadline_ = context_.now() + kTurnedAwayTime;
}

void ClientConnection::tell_tls_fault(const TlsFault& fault) {
    const std::string_view name = stream_.tls()->server_name();
    tell_client_fault(fmt::format("TLS failed: {}{}", fault.reason,
                                  name.empty() ? "" : fmt::format(" server_name={}", name)));
}

void ClientConnection::tell_tls_on_plain_port() {
    tell_client_fault("it speaks TLS, and the listener has not tls = true: 400");
}

// Whatever a client can make us say is said a few times a second only.
void ClientConnection::tell_client_fault(std::string_view what) {
    if (context_.tls_lines.may_tell(context_.now())) log_info("{}: {}", client_name(), what);
}

}  // namespace bundle
