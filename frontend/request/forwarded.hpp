// What the application is told of the client, and nothing that the client could forge.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "frontend/request/request_head.hpp"
#include "frontend/request/trust.hpp"
#include "shared/http/headers.hpp"

namespace bundle {

// Facts of the connection, corrected by what a trusted proxy says of the request
// (proxy_claims.hpp); they outlive the fields made from them.
struct ClientFacts {
    std::string_view address = {};      // "192.0.2.1", "2001:db8::1", "" for a unix socket
    std::string_view port = {};         // "" for a unix socket, and when the proxy does not say it
    std::string_view scheme = {};       // "http", "https"
    std::string_view server_port = {};  // of the listener: "8000", "" for a unix socket
    bool by_proxy = false;              // the peer is a trusted proxy
    // Where a proxy says that the client went; "": where the request says, and server_port.
    std::string_view asked_host = {};
    std::string_view asked_port = {};
    std::string_view forwarded = {};        // our Forwarded; "": none
    std::string_view request_start = {};    // our X-Request-Start
    std::span<const HeaderField> tls = {};  // SSL_PROTOCOL and others; empty without TLS
    // What the route does with fields of the client whose names hold "_".
    UnderscoreHeaders underscores = UnderscoreHeaders::Drop;
};

// The fields that the application gets, appended to `out` (views into head, facts and request_id):
// without hop-by-hop fields (RFC 9110 section 7.6.1) and those named in Connection (which cannot
// name what we route and frame by), without Proxy (httpoxy), without names with "_" unless they are
// allowed and no other field's name looks like them in the environ, and without every
// X-Forwarded-*, X-Real-IP, X-Request-ID, X-Request-Start, Forwarded and configured claim of a
// client whom nobody trusts; then with our own X-Forwarded-For, -Proto, -Host, -Port, X-Real-IP and
// X-Request-ID, Forwarded if the proxy speaks it, and X-Request-Start if it does not: the request
// began with the first of us. Of a trusted proxy's claims those stay that are none of ours.
void fields_for_app(const RequestHead& head, const ClientFacts& facts, std::string_view request_id,
                    const TrustRules& rules, Headers& out);

}  // namespace bundle
