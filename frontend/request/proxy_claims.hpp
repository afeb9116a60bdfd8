// What a trusted proxy says of a request that it passes on: whose it is, and what the client asked
// of the proxy.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "frontend/request/forwarded.hpp"
#include "frontend/request/request_head.hpp"
#include "frontend/request/trust.hpp"
#include "shared/base/ip_address.hpp"

namespace bundle {

// Views into the head; "" is what the proxy does not say, or nothing that we could believe.
struct ProxyClaims {
    IpText address;  // of the client
    std::string_view port;
    std::string_view scheme;      // "http", "https"
    std::string_view host;        // that the client asked for: a valid authority
    std::string_view asked_port;  // that the client connected to
    std::string_view request_id;  // not checked
    bool speaks_forwarded = false;
    std::string forwarded;  // our own field, see facts_by_proxy()

    void clear();
};

// Reads the claims of a trusted peer. The client is the last address on the way that is no trusted
// proxy's; who is named behind it is what the client could have written. 400 when claims contradict
// one another or a field that may come once came twice: then somebody on the way passes on what the
// client sent, and nobody can tell which is true.
std::optional<Refusal> read_claims(const RequestHead& head, const TrustRules& rules,
                                   ProxyClaims& claims);

// The facts of the connection, corrected by `claims`, in which the text of our Forwarded is made.
ClientFacts facts_by_proxy(const ClientFacts& connection, const RequestHead& head,
                           ProxyClaims& claims);

// Whether a name holds "_", which http.underscore_headers may forbid.
bool has_underscore_name(const RequestHead& head);

}  // namespace bundle
