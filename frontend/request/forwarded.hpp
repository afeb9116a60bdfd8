// What the application is told of the client, and nothing that the client could forge.
#pragma once
#include <string>
#include <string_view>

#include "frontend/request/request_head.hpp"
#include "shared/http/headers.hpp"

namespace bundle {

// Facts of the connection; they outlive the fields made from them.
struct ClientFacts {
    std::string_view address;      // "192.0.2.1", "2001:db8::1", "" for a unix socket
    std::string_view port;         // "" for a unix socket
    std::string_view scheme;       // "http", "https"
    std::string_view server_port;  // of the listener: "8000", "" for a unix socket
};

// The fields that the application gets, appended to `out` (views into head, facts and request_id):
// without hop-by-hop fields (RFC 9110 section 7.6.1) and those named in Connection (which cannot
// name what we route and frame by), without names that hold "_" (they would collide in the
// environ), without Proxy (httpoxy) and without every X-Forwarded-*, X-Real-IP, X-Request-ID and
// Forwarded of a client whom nobody trusts; then with our own X-Forwarded-For, -Proto, -Host,
// -Port, X-Real-IP and X-Request-ID.
void fields_for_app(const RequestHead& head, const ClientFacts& facts, std::string_view request_id,
                    Headers& out);

}  // namespace bundle
