#include "frontend/client/peer.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace bundle {

namespace {

Peer peer_at(const IpAddress& address, std::uint16_t port, const TrustedProxies& proxies) {
    Peer peer;
    peer.address = address;
    peer.text = address.text();
    peer.is_proxy = proxies.contain(address);
    if (address.family != IpAddress::Family::None) {
        *fmt::format_to_n(peer.port.data(), peer.port.size() - 1, FMT_STRING("{}"), port).out =
            '\0';
    }
    return peer;
}

}  // namespace

std::optional<Peer> peer_of(int fd, const TrustedProxies& proxies) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    if (getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) != 0) return std::nullopt;
    if (peer.ss_family == AF_INET) {
        const auto& ipv4 = reinterpret_cast<const sockaddr_in&>(peer);
        return peer_at(IpAddress::v4(&ipv4.sin_addr), ntohs(ipv4.sin_port), proxies);
    }
    if (peer.ss_family == AF_INET6) {
        const auto& ipv6 = reinterpret_cast<const sockaddr_in6&>(peer);
        return peer_at(IpAddress::v6(&ipv6.sin6_addr), ntohs(ipv6.sin6_port), proxies);
    }
    return peer_at({}, 0, proxies);
}

Peer peer_behind(const Peer& proxy, const ProxyHeader& header, const TrustedProxies& proxies) {
    switch (header.source) {
        case ProxyHeader::Source::Named:
            return peer_at(header.address, header.port, proxies);
        case ProxyHeader::Source::Proxy:
            return proxy;
        case ProxyHeader::Source::Unknown:
            break;
    }
    Peer unknown = proxy;
    unknown.is_proxy = false;
    return unknown;
}

}  // namespace bundle
