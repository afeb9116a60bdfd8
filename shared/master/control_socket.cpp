#include "shared/master/control_socket.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "shared/base/log.hpp"

namespace bundle {

namespace {

constexpr int kBacklog = 64;

// For the log: who commands us.
std::string described_peer(const OwnedFd& socket) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return "pid=?";
    return fmt::format("pid={} uid={}", peer.pid, peer.uid);
}

std::string described(const wire::CommandRequest& request) {
    switch (request.command) {
        case wire::Command::Stop:
            return "stop";
        case wire::Command::Reload:
            return "reload";
        case wire::Command::Scale:
            return fmt::format("scale {} {}", log_quoted(request.app), request.count);
        case wire::Command::Upgrade:
            return "upgrade";
        case wire::Command::Maintenance:
            return request.count != 0 ? "maintenance on" : "maintenance off";
        case wire::Command::Status:
            return "status";
        case wire::Command::Stack:
            return fmt::format("stack {}", request.count);
    }
    return "?";
}

}  // namespace

Result<ControlSocket> ControlSocket::open(const ControlConfig& config) {
    auto listener =
        listen_unix(config.path, {.mode = config.mode}, kBacklog, UnixSocketKind::Packets);
    if (!listener) return failure("control.path: " + listener.error().message);
    return ControlSocket(std::move(*listener));
}

Result<void> ControlSocket::listen_again(const ControlConfig& config) {
    TRY_ASSIGN(ControlSocket again, open(config));
    listener_ = std::move(again.listener_);
    return {};
}

ControlSocket::Kept ControlSocket::kept() const {
    Kept kept{listener_.fd.get(), listener_.file.path(), {}, last_asker_};
    for (const Connection& connection : connections_)
        kept.connections.push_back({connection.socket.get(), connection.asker, connection.asked});
    return kept;
}

ControlSocket ControlSocket::resumed(const Kept& kept) {
    ControlSocket socket({OwnedFd(kept.listener), SocketFile(kept.path)});
    for (const Kept::Connection& connection : kept.connections)
        socket.connections_.push_back(
            {OwnedFd(connection.socket), connection.asker, connection.asked});
    socket.last_asker_ = kept.last_asker;
    return socket;
}

void ControlSocket::add_sources(std::vector<pollfd>& sources) const {
    sources.push_back({listener_.fd.get(), POLLIN, 0});
    for (const Connection& connection : connections_)
        sources.push_back({connection.socket.get(), POLLIN, 0});
}

std::vector<ControlSocket::Asked> ControlSocket::hear() {
    accept_all();
    std::vector<Asked> asked;
    std::erase_if(connections_,
                  [&](Connection& connection) { return !take_request(connection, asked); });
    return asked;
}

void ControlSocket::accept_all() {
    for (;;) {
        OwnedFd socket(accept4(listener_.fd.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (!socket) return;
        if (connections_.size() < kMostAskers || make_room())
            connections_.push_back({std::move(socket), ++last_asker_});
    }
}

// One that has said nothing goes first; when all wait for an answer, the new one goes.
bool ControlSocket::make_room() {
    const auto silent = std::ranges::find(connections_, false, &Connection::asked);
    if (silent == connections_.end()) return false;
    connections_.erase(silent);
    return true;
}

// False: the connection is over. Each asks once; what comes behind that is an end, or no concern of
// ours.
bool ControlSocket::take_request(Connection& connection, std::vector<Asked>& asked) const {
    std::array<char, wire::kMaxCommandRequest + 1> datagram{};
    const ssize_t got = recv(connection.socket.get(), datagram.data(), datagram.size(), 0);
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    if (got == 0 || connection.asked) return false;
    auto request = wire::decode_command({datagram.data(), static_cast<std::size_t>(got)});
    if (!request) {
        log_warn("control socket: {} {}", described_peer(connection.socket),
                 request.error().message);
        return false;
    }
    // Whoever looks changes nothing, and may look every second.
    const bool looks = request->command == wire::Command::Status;
    log_event(looks ? LogLevel::Debug : LogLevel::Info, "command {} {}", described(*request),
              described_peer(connection.socket));
    connection.asked = true;
    asked.push_back({connection.asker, std::move(*request)});
    return true;
}

void ControlSocket::progress(const std::vector<Asker>& askers, std::string_view text) {
    reply(askers, {wire::ReplyKind::Progress, 0, std::string(text)});
}

void ControlSocket::finish(const std::vector<Asker>& askers, int exit_status,
                           std::string_view text) {
    reply(askers,
          {wire::ReplyKind::Last, static_cast<std::uint8_t>(exit_status), std::string(text)});
}

void ControlSocket::reply(const std::vector<Asker>& askers, const wire::CommandReply& reply) {
    if (askers.empty()) return;
    const std::string datagram = wire::encode_reply(reply);
    std::erase_if(connections_, [&](const Connection& connection) {
        if (std::ranges::find(askers, connection.asker) == askers.end()) return false;
        return send(connection.socket.get(), datagram.data(), datagram.size(),
                    MSG_NOSIGNAL | MSG_DONTWAIT) < 0;
    });
}

}  // namespace bundle
