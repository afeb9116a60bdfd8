#include "shared/config/socket_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <cstring>

namespace bundle {

namespace {

template <typename Address>
SocketAddress made_of(const Address& address) {
    SocketAddress made;
    std::memcpy(&made.storage, &address, sizeof address);
    made.size = sizeof address;
    return made;
}

}  // namespace

SocketAddress socket_address(const ListenAddress& address) {
    if (const auto* path = std::get_if<UnixAddress>(&address)) {
        sockaddr_un local{};
        local.sun_family = AF_UNIX;
        path->path.copy(static_cast<char*>(local.sun_path), sizeof local.sun_path - 1);
        return made_of(local);
    }
    const auto& ip = std::get<TcpAddress>(address);
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(ip.port);
    if (inet_pton(AF_INET, ip.host.c_str(), &v4.sin_addr) == 1) return made_of(v4);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(ip.port);
    inet_pton(AF_INET6, ip.host.c_str(), &v6.sin6_addr);
    return made_of(v6);
}

}  // namespace bundle
