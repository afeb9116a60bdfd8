// Who is at the other end of a request's connection, however many requests that carries.
#pragma once
#include <string_view>

#include "frontend/client/peer.hpp"
#include "frontend/tls/tls_session.hpp"

namespace bundle {

struct ClientSide {
    // Of the client, as far as the connection tells: behind a proxy that speaks the PROXY protocol,
    // whom that named; before it has, and without it, the socket's peer. No family: a unix socket.
    Peer peer;
    std::string_view server_port;  // of the listener; "" for a unix socket
    TlsSession* tls = nullptr;     // none: it does not speak TLS
    bool is_admin = false;         // it came by admin.address

    // For logs.
    [[nodiscard]] std::string_view name() const {
        return peer.text.view().empty() ? "unix" : peer.text.view();
    }
};

}  // namespace bundle
