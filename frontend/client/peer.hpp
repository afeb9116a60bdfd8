// Who is at the other end of a connection: the socket's peer, or whom the PROXY protocol names in
// its place.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "frontend/client/proxy_protocol.hpp"
#include "frontend/request/trust.hpp"
#include "shared/base/ip_address.hpp"

namespace bundle {

struct Peer {
    IpAddress address;           // none: a unix socket
    IpText text;                 // the same; "" for a unix socket
    std::array<char, 6> port{};  // "" for a unix socket
    bool is_proxy = false;       // trusted: what its requests say of their client is believed

    [[nodiscard]] std::string_view port_text() const { return port.data(); }
};

// Of a connected socket. Nothing: the kernel does not know it any more, for a client that has reset
// its connection has no address. Whoever that was must not be taken for a unix socket's client.
std::optional<Peer> peer_of(int fd, const TrustedProxies& proxies);

// The peer of a connection that came by `proxy`, which said `header`. The fields of its requests
// are believed when the one that it names is trusted too: who speaks the PROXY protocol passes
// bytes on and reads none of them. LOCAL is the proxy itself. When it cannot name its client, the
// proxy's address stands for that one, and is trusted no more.
Peer peer_behind(const Peer& proxy, const ProxyHeader& header, const TrustedProxies& proxies);

}  // namespace bundle
