#include "frontend/client/listener.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "shared/base/check.hpp"

namespace bundle {

namespace {

std::string port_of(const sockaddr_storage& address) {
    if (address.ss_family == AF_INET) {
        return std::to_string(ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port));
    }
    if (address.ss_family == AF_INET6) {
        return std::to_string(ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port));
    }
    return {};
}

template <typename Handle>
UvOwner<Handle> adopted(uv_loop_t* loop, int (*init)(uv_loop_t*, Handle*),
                        int (*open)(Handle*, int), OwnedFd socket, int& error) {
    auto handle = std::make_unique<Handle>();
    BUNDLE_CHECK(init(loop, handle.get()) == 0);
    UvOwner<Handle> owner(handle.release());
    error = open(owner.get(), socket.get());
    if (error == 0) [[maybe_unused]]
        const int adopted_fd = socket.release();
    return owner;
}

}  // namespace

Result<std::unique_ptr<Listener>> Listener::create(uv_loop_t* loop, OwnedFd socket,
                                                   const ListenConfig& config,
                                                   ClientWaits on_client) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        return system_failure("ask an inherited listener for its address");
    }
    std::unique_ptr<Listener> listener(new Listener(std::move(on_client)));
    listener->port_ = port_of(address);
    listener->describe(config);
    int error = 0;
    if (address.ss_family == AF_UNIX) {
        const auto init = [](uv_loop_t* on, uv_pipe_t* pipe) { return uv_pipe_init(on, pipe, 0); };
        listener->handle_ = adopted<uv_pipe_t>(loop, init, uv_pipe_open, std::move(socket), error);
    } else {
        // Accepted sockets inherit it: a system call less for each connection.
        const int on = 1;
        setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        // Without it the kernel takes megabytes before it says that a client has taken some, and a
        // client that reads slowly but steadily would seem to have stopped. Not for TLS: a large
        // answer would cost a third more there, and on_deadline() asks the kernel anyway.
        const int unsent = 128 << 10;
        if (!config.tls)
            setsockopt(socket.get(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
        listener->handle_ =
            adopted<uv_tcp_t>(loop, uv_tcp_init, uv_tcp_open, std::move(socket), error);
    }
    listener->stream()->data = listener.get();
    const auto on_connection = [](uv_stream_t* stream, int status) {
        auto* self = static_cast<Listener*>(stream->data);
        if (self != nullptr && status == 0) self->on_client_(*self);
    };
    if (error == 0)
        error = uv_listen(listener->stream(), static_cast<int>(config.backlog), on_connection);
    if (error != 0)
        return failure(fmt::format("listen on an inherited socket: {}", uv_strerror(error)));
    return listener;
}

void Listener::describe(const ListenConfig& config) {
    address_ = config.address;
    proxy_protocol_ = config.proxy_protocol;
    tls_ = config.tls;
    http2_ = std::ranges::find(config.protocols, "h2") != config.protocols.end();
    is_admin_ = config.is_admin;
    protocols_.clear();
    for (const std::string& protocol : config.protocols)
        protocols_.append(1, static_cast<char>(protocol.size())).append(protocol);
}

uv_stream_t* Listener::stream() const {
    if (const auto* tcp = std::get_if<UvOwner<uv_tcp_t>>(&handle_)) {
        return reinterpret_cast<uv_stream_t*>(tcp->get());
    }
    return reinterpret_cast<uv_stream_t*>(std::get<UvOwner<uv_pipe_t>>(handle_).get());
}

// Of a listening socket the kernel tells it in this place.
bool Listener::listens_at(int socket) const {
    uv_os_fd_t ours = -1;
    struct stat one {};
    struct stat other {};
    return is_open() && uv_fileno(reinterpret_cast<const uv_handle_t*>(stream()), &ours) == 0 &&
           fstat(ours, &one) == 0 && fstat(socket, &other) == 0 && one.st_dev == other.st_dev &&
           one.st_ino == other.st_ino;
}

std::uint32_t Listener::backlog() const {
    const auto* tcp = std::get_if<UvOwner<uv_tcp_t>>(&handle_);
    if (tcp == nullptr) return 0;
    uv_os_fd_t fd = -1;
    uv_fileno(reinterpret_cast<const uv_handle_t*>(tcp->get()), &fd);
    tcp_info info{};
    socklen_t size = sizeof info;
    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 ? info.tcpi_unacked : 0;
}

StreamKind Listener::kind() const {
    return std::holds_alternative<UvOwner<uv_tcp_t>>(handle_) ? StreamKind::Tcp : StreamKind::Unix;
}

void Listener::accept_waiting() {
    if (is_open() && std::exchange(client_waits_, false)) on_client_(*this);
}

}  // namespace bundle
