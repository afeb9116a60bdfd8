// The beginning and the end of HTTP/2 over a ClientConnection.
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "frontend/client/client_connection.hpp"

namespace bundle {

namespace {

constexpr std::string_view kBeginning = "PRI * HTTP/2.0\r\n\r\n";  // RFC 9113 section 3.4

}  // namespace

// By prior knowledge, without TLS: from a proxy that we trust to mean it. True: `bytes` are used
// up. What anybody else begins so is a request of HTTP/1 with a version that is not spoken.
bool ClientConnection::begins_http2(std::string_view& bytes) {
    if (client_side_.tls != nullptr) return false;
    // Who speaks the PROXY protocol is trusted, whomever it names.
    const bool by_proxy = client_side_.peer.is_proxy || listener_.speaks_proxy_protocol();
    if (!listener_.speaks_http2() || !by_proxy) {
        if (bytes.starts_with(kBeginning))
            tell_client_fault(
                listener_.speaks_http2()
                    ? "it speaks HTTP/2 without TLS and is not in trust.proxies: 505"
                    : "it speaks HTTP/2 without TLS, and the listener has no \"h2\" in protocols: "
                      "505");
        return false;
    }
    if (first_.empty() && !kBeginning.starts_with(bytes.substr(0, kBeginning.size()))) return false;
    first_.append(bytes);
    if (first_.size() < kBeginning.size() && kBeginning.starts_with(first_)) return true;
    const std::string first = std::exchange(first_, {});
    if (first.starts_with(kBeginning)) {
        begin_http2();
        http2_->read(first);
    } else {
        begin_request();
        process(first);
    }
    return true;
}

void ClientConnection::begin_http2() {
    advance(ConnectionEvent::Http2Begins);
    Http2ConnectionOwner& owner = *this;
    http2_ = std::make_unique<Http2Connection>(context_, client_side_, stream_, owner);
    http2_->begin();
    if (context_.draining) http2_->go_away();
}

void ClientConnection::http2_ended() {
    http2_->end_streams();
    // Nothing more can come that would reset the connection.
    const bool may_close = half_closed_ && !stream_.waits();
    advance(may_close ? ConnectionEvent::Lost : ConnectionEvent::Refused);
}

void ClientConnection::http2_broken() {
    stream_.reset();
    on_broken();
}

}  // namespace bundle
