#include "shared/master/listeners.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <fstream>
#include <set>

#include "shared/base/log.hpp"
#include "shared/config/listen_address.hpp"
#include "shared/master/identity.hpp"
#include "shared/master/tcp_listener.hpp"

namespace bundle {

namespace {

constexpr std::string_view kUnix = "unix:";

// The kernel cuts a longer backlog without a word, so we say it.
int allowed_backlog(const ListenConfig& wanted) {
    std::ifstream file("/proc/sys/net/core/somaxconn");
    std::uint32_t most = 0;
    if (!(file >> most) || wanted.backlog <= most) return static_cast<int>(wanted.backlog);
    log_warn("listen {}: backlog {} is cut to {}; raise it with `sysctl net.core.somaxconn={}`",
             wanted.address, wanted.backlog, most, wanted.backlog);
    return static_cast<int>(most);
}

int socket_option(int fd, int option) {
    int value = -1;
    socklen_t size = sizeof value;
    getsockopt(fd, SOL_SOCKET, option, &value, &size);
    return value;
}

// A duplicate of a listener that somebody else opened: the original stays for the next reload.
Result<OwnedFd> adopt(int fd, const std::string& shown) {
    if (fcntl(fd, F_GETFD) == -1) return failure(shown + " is not open");
    if (socket_option(fd, SO_TYPE) != SOCK_STREAM || socket_option(fd, SO_ACCEPTCONN) != 1) {
        return failure(shown + " is not a listening stream socket");
    }
    OwnedFd socket(fcntl(fd, F_DUPFD_CLOEXEC, 0));
    if (!socket) return system_failure("duplicate " + shown);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(socket.get(), F_SETFL, fcntl(socket.get(), F_GETFL) | O_NONBLOCK);
    const int on = 1;  // fails on a unix socket, which has no need of it
    setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
}

// What [[listen]] would have to say to get this socket.
std::string bound_address(const OwnedFd& socket) {
    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    getsockname(socket.get(), reinterpret_cast<sockaddr*>(&bound), &size);
    if (bound.ss_family == AF_UNIX) {
        const auto* path = reinterpret_cast<const sockaddr_un*>(&bound)->sun_path;
        return fmt::format(
            "unix:{}",
            std::string_view(path, strnlen(path, size - offsetof(sockaddr_un, sun_path))));
    }
    std::array<char, INET6_ADDRSTRLEN> host{};
    if (bound.ss_family == AF_INET) {
        const auto* v4 = reinterpret_cast<const sockaddr_in*>(&bound);
        inet_ntop(AF_INET, &v4->sin_addr, host.data(), host.size());
        return fmt::format("{}:{}", host.data(), ntohs(v4->sin_port));
    }
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&bound);
    int v6_only = 0;
    socklen_t option_size = sizeof v6_only;
    getsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &v6_only, &option_size);
    inet_ntop(AF_INET6, &v6->sin6_addr, host.data(), host.size());
    if (v6_only == 0 && std::string_view(host.data()) == "::")
        return fmt::format(":{}", ntohs(v6->sin6_port));
    return fmt::format("[{}]:{}", host.data(), ntohs(v6->sin6_port));
}

// Opens what one [[listen]] asks for; one overload for each kind of address.
struct Opener {
    const ListenConfig& wanted;
    InheritedSockets& inherited;

    Result<std::vector<Listener>> operator()(const TcpAddress& address) const {
        TRY_ASSIGN(std::vector<OwnedFd> sockets, listen_tcp(address, allowed_backlog(wanted)));
        std::vector<Listener> opened;
        for (OwnedFd& socket : sockets) opened.push_back(made_of(std::move(socket)));
        return opened;
    }

    Result<std::vector<Listener>> operator()(const UnixAddress& address) const {
        SocketAccess access{.mode = wanted.mode};
        TRY_ASSIGN(const Owner owner, find_owner(wanted.owner));
        access.uid = owner.uid;
        access.gid = owner.gid;
        TRY_ASSIGN(UnixListener socket, listen_unix(address.path, access, allowed_backlog(wanted)));
        std::vector<Listener> opened;
        opened.push_back(made_of(std::move(socket.fd)));
        opened.back().file = std::move(socket.file);
        return opened;
    }

    Result<std::vector<Listener>> operator()(const InheritedAddress& address) const {
        TRY_ASSIGN(OwnedFd socket, adopt(address.fd, wanted.address));
        const bool known = std::ranges::any_of(
            inherited, [&](const InheritedSocket& one) { return one.fd.get() == address.fd; });
        if (!known) inherited.push_back({OwnedFd(address.fd), {}});
        std::vector<Listener> opened;
        opened.push_back(made_of(std::move(socket)));
        return opened;
    }

    Result<std::vector<Listener>> operator()(const SystemdAddress& address) const {
        std::vector<Listener> opened;
        std::set<std::string> names;
        for (const InheritedSocket& given : inherited) {
            if (!given.name.empty()) names.insert(given.name);
            if (given.name != address.name) continue;
            TRY_ASSIGN(OwnedFd socket, adopt(given.fd.get(), wanted.address));
            opened.push_back(made_of(std::move(socket)));
        }
        if (!opened.empty()) return opened;
        return failure(
            fmt::format("{}: systemd gave us no socket of that name ({})", wanted.address,
                        names.empty() ? "it gave none; is the socket unit started?"
                                      : fmt::format("only: {}", fmt::join(names, ", "))));
    }

  private:
    [[nodiscard]] Listener made_of(OwnedFd socket) const {
        Listener listener{std::move(socket), wanted, {}, wanted.address};
        listener.config.address = bound_address(listener.fd);
        return listener;
    }
};

// Those of `open` that the same words have opened, and that clients still find.
Result<std::vector<Listener>> kept(const ListenConfig& wanted, const std::vector<Listener>& open) {
    std::vector<Listener> listeners;
    for (const Listener& before : open) {
        if (before.wanted != wanted.address) continue;
        if (is_removed(before)) {
            log_warn("{} is gone, somebody has removed it; it is made again", before.file.path());
            continue;
        }
        OwnedFd socket(fcntl(before.fd.get(), F_DUPFD_CLOEXEC, 0));
        if (!socket) return system_failure("duplicate the listener " + wanted.address);
        listeners.push_back({std::move(socket), wanted, {}, wanted.address});
        listeners.back().config.address = before.config.address;
    }
    return listeners;
}

// A listener stays, but may be described otherwise.
void describe_anew(const Listener& listener, const ListenConfig& before) {
    const ListenConfig& now = listener.config;
    if (now.backlog != before.backlog) listen(listener.fd.get(), allowed_backlog(now));
    if (!now.address.starts_with(kUnix)) return;
    const std::string path = now.address.substr(kUnix.size());
    if (now.owner != before.owner) {
        const auto owner = find_owner(now.owner);
        if (!owner || lchown(path.c_str(), owner->uid, owner->gid) != 0)
            log_error("{}: its owner stays {}", now.address, before.owner);
    }
    if (now.mode != before.mode && chmod(path.c_str(), now.mode) != 0)
        log_error("{}: its mode stays {:o}", now.address, before.mode);
}

Result<std::vector<Listener>> open_one(const ListenConfig& wanted, InheritedSockets& inherited) {
    const auto address = parse_listen_address(wanted.address);
    if (!address)
        return failure(fmt::format("address \"{}\" {}", wanted.address, address.error().message));
    return std::visit(Opener{wanted, inherited}, *address);
}

}  // namespace

bool is_removed(const Listener& listener) {
    return !listener.file.path().empty() && !listener.file.is_there();
}

Result<std::vector<Listener>> open_listeners(const std::vector<ListenConfig>& wanted,
                                             InheritedSockets& inherited,
                                             const std::vector<Listener>& open) {
    std::vector<Listener> listeners;
    std::vector<std::string> problems;
    for (const ListenConfig& each : wanted) {
        Result<std::vector<Listener>> opened = kept(each, open);
        if (opened && opened->empty()) opened = open_one(each, inherited);
        if (opened) {
            std::move(opened->begin(), opened->end(), std::back_inserter(listeners));
        } else {
            problems.push_back(opened.error().message);
        }
    }
    if (!problems.empty()) return failure(fmt::format("{}", fmt::join(problems, "\n")));
    return listeners;
}

void take_over(std::vector<Listener>& before, std::vector<Listener>& after) {
    for (Listener& listener : after) {
        const auto same = std::ranges::find_if(before, [&](const Listener& other) {
            return other.config.address == listener.config.address;
        });
        if (same == before.end()) continue;
        describe_anew(listener, same->config);
        const bool same_file = listener.wanted == same->wanted && listener.file.path().empty();
        if (same_file) listener.file = std::move(same->file);
    }
    before.clear();
}

void turn_newcomers_away(const Listener& listener) {
    const std::string_view wanted = listener.wanted;
    const bool is_ours = !wanted.starts_with("systemd:") && !wanted.starts_with("fd:");
    if (!is_ours || wanted.starts_with(kUnix)) return;
    constexpr std::uint32_t kFlags = 13;  // their place in a TCP header
    std::array<sock_filter, 5> drops_syn = {
        {BPF_STMT(BPF_LD | BPF_B | BPF_ABS, kFlags),
         BPF_STMT(BPF_ALU | BPF_AND | BPF_K, TH_SYN | TH_ACK),
         BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TH_SYN, 0, 1), BPF_STMT(BPF_RET | BPF_K, 0),
         BPF_STMT(BPF_RET | BPF_K, UINT32_MAX)}
    };
    const sock_fprog program{drops_syn.size(), drops_syn.data()};
    if (setsockopt(listener.fd.get(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0)
        log_debug("{}: who comes while it closes may be reset", wanted);
}

std::vector<ListenConfig> listen_on_activated(const ListenConfig& pattern,
                                              const InheritedSockets& activated) {
    std::set<std::string> names;
    for (const InheritedSocket& socket : activated) names.insert(socket.name);
    std::vector<ListenConfig> wanted;
    for (const std::string& name : names) {
        wanted.push_back(pattern);
        wanted.back().address = "systemd:" + name;
    }
    return wanted;
}

std::string url_of(const ListenConfig& listener) {
    const std::string& address = listener.address;
    const std::string_view scheme = listener.tls ? "https" : "http";
    if (address.starts_with("unix:")) return address;
    const std::string port = address.substr(address.rfind(':'));
    if (address == port)
        return fmt::format("{}://127.0.0.1{} (every address of this machine)", scheme, port);
    if (address == "0.0.0.0" + port)
        return fmt::format("{}://127.0.0.1{} (every IPv4 address)", scheme, port);
    if (address == "[::]" + port)
        return fmt::format("{}://[::1]{} (every IPv6 address)", scheme, port);
    return fmt::format("{}://{}", scheme, address);
}

}  // namespace bundle
