#include "shared/master/tcp_listener.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <memory>

#include "shared/master/socket_owner.hpp"

namespace bundle {

namespace {

struct FreeAddresses {
    void operator()(addrinfo* list) const noexcept { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

enum class Families { One, Both };

std::string shown(const TcpAddress& address) {
    const bool v6 = address.host.find(':') != std::string::npos;
    return fmt::format("{}{}{}:{}", v6 ? "[" : "", address.host, v6 ? "]" : "", address.port);
}

tl::unexpected<Error> refused(const TcpAddress& address, int error) {
    const std::string where = shown(address);
    if (error == EADDRINUSE) {
        const auto owner = owner_of_port(address.port);
        return failure(fmt::format("{} is in use by {}", where, owner.value_or("another process")));
    }
    if (error == EACCES) {
        return failure(
            fmt::format("no right to listen on {}: a port below 1024 needs root, "
                        "AmbientCapabilities=CAP_NET_BIND_SERVICE in "
                        "the systemd unit, or `setcap cap_net_bind_service=+ep` on bundle",
                        where));
    }
    if (error == EADDRNOTAVAIL) {
        return failure(fmt::format("listen on {}: this machine has no such address", where));
    }
    return system_failure("listen on " + where, error);
}

int set_option(const OwnedFd& socket, int level, int option, int value) {
    return setsockopt(socket.get(), level, option, &value, sizeof value);
}

// The socket, or none and errno.
OwnedFd try_listen(const sockaddr* to, socklen_t size, Families families, int backlog) {
    OwnedFd socket(::socket(to->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket) return {};
    set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1);
    set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
    if (to->sa_family == AF_INET6) {
        set_option(socket, IPPROTO_IPV6, IPV6_V6ONLY, families == Families::Both ? 0 : 1);
    }
    if (bind(socket.get(), to, size) != 0 || listen(socket.get(), backlog) != 0) return {};
    return socket;
}

Result<std::vector<OwnedFd>> listen_everywhere(const TcpAddress& address, int backlog) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(address.port);
    OwnedFd socket =
        try_listen(reinterpret_cast<sockaddr*>(&v6), sizeof v6, Families::Both, backlog);
    if (!socket && (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL)) {  // IPv6 is switched off
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(address.port);
        socket = try_listen(reinterpret_cast<sockaddr*>(&v4), sizeof v4, Families::One, backlog);
    }
    if (!socket) return refused(address, errno);
    std::vector<OwnedFd> sockets;
    sockets.push_back(std::move(socket));
    return sockets;
}

Result<Addresses> resolve(const TcpAddress& address) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* list = nullptr;
    const std::string port = std::to_string(address.port);
    const int error = getaddrinfo(address.host.c_str(), port.c_str(), &hints, &list);
    if (error != 0) {
        return failure(fmt::format("listen on {}: the name \"{}\" has no address ({})",
                                   shown(address), address.host, gai_strerror(error)));
    }
    return Addresses(list);
}

std::uint16_t port_of(const OwnedFd& socket) {
    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    getsockname(socket.get(), reinterpret_cast<sockaddr*>(&bound), &size);
    // The port stands at the same place in both families.
    return reinterpret_cast<const sockaddr_in*>(&bound)->sin_port;
}

}  // namespace

Result<std::vector<OwnedFd>> listen_tcp(const TcpAddress& address, int backlog) {
    if (address.host.empty()) return listen_everywhere(address, backlog);
    TRY_ASSIGN(const Addresses list, resolve(address));

    std::vector<OwnedFd> sockets;
    int missing = EADDRNOTAVAIL;
    for (const addrinfo* each = list.get(); each != nullptr; each = each->ai_next) {
        // With port 0 the kernel chooses once; the other addresses of the name get the same port.
        if (!sockets.empty()) {
            reinterpret_cast<sockaddr_in*>(each->ai_addr)->sin_port = port_of(sockets.front());
        }
        OwnedFd socket = try_listen(each->ai_addr, each->ai_addrlen, Families::One, backlog);
        if (socket) {
            sockets.push_back(std::move(socket));
        } else if (errno == EADDRNOTAVAIL || errno == EAFNOSUPPORT) {
            missing =
                errno;  // localhost is often ::1 too where IPv6 is switched off: the others will do
        } else {
            return refused(address, errno);
        }
    }
    if (sockets.empty()) return refused(address, missing);
    return sockets;
}

}  // namespace bundle
