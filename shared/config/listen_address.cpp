#include "shared/config/listen_address.hpp"

#include <arpa/inet.h>
#include <sys/un.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace bundle {

namespace {

constexpr std::size_t kLongestUnixPath = sizeof(sockaddr_un::sun_path) - 1;

template <typename Number>
std::optional<Number> whole_number(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

Result<ListenAddress> unix_address(std::string_view path) {
    if (path.empty()) return failure("it has no path; write unix:/path/of/socket");
    if (path.front() == '@')
        return failure("abstract sockets are not supported; write unix:/path/of/socket");
    if (path.size() > kLongestUnixPath)
        return failure("the path of a unix socket may have " + std::to_string(kLongestUnixPath) +
                       " bytes; this one has " + std::to_string(path.size()));
    return UnixAddress{std::string(path)};
}

Result<ListenAddress> inherited_address(std::string_view number) {
    const auto fd = whole_number<int>(number);
    if (!fd || *fd < 3)
        return failure("it must name an inherited descriptor from 3 on, such as fd:3");
    return InheritedAddress{*fd};
}

Result<ListenAddress> systemd_address(std::string_view name) {
    if (name.empty() || name.find(':') != std::string_view::npos)
        return failure(
            "it must name a socket of systemd (FileDescriptorName=), such as systemd:web");
    return SystemdAddress{std::string(name)};
}

bool is_host_name(std::string_view host) {
    return std::ranges::all_of(host, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '-' || c == '_';
    });
}

// `host` still has its brackets.
Result<std::string> host_of(std::string_view host) {
    if (host == "*") return failure("write \":PORT\" to listen on every address");
    if (host.starts_with('[') && host.ends_with(']')) {
        std::string inside(host.substr(1, host.size() - 2));
        in6_addr ignored{};
        const std::string without_zone = inside.substr(0, inside.find('%'));
        if (::inet_pton(AF_INET6, without_zone.c_str(), &ignored) != 1)
            return failure("what stands in brackets is no IPv6 address");
        return inside;
    }
    if (host.find(':') != std::string_view::npos)
        return failure("an IPv6 address needs brackets, such as [::1]:8000");
    if (!is_host_name(host))
        return failure("its host is neither a name nor an address; write HOST:PORT");
    return std::string(host);
}

Result<ListenAddress> tcp_address(std::string_view text) {
    if (text.find("://") != std::string_view::npos)
        return failure("write HOST:PORT without a scheme; tls = true makes it https");
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || text.ends_with(']'))
        return failure("it has no port; write HOST:PORT, or :PORT for every address");
    const auto port = whole_number<std::uint16_t>(text.substr(colon + 1));
    if (!port) return failure("its port must be a number from 0 to 65535");
    TRY_ASSIGN(std::string host, host_of(text.substr(0, colon)));
    return TcpAddress{std::move(host), *port};
}

}  // namespace

Result<ListenAddress> parse_listen_address(std::string_view text) {
    constexpr std::string_view kUnix = "unix:";
    constexpr std::string_view kInherited = "fd:";
    constexpr std::string_view kSystemd = "systemd:";
    if (text.starts_with(kUnix)) return unix_address(text.substr(kUnix.size()));
    if (text.starts_with(kInherited)) return inherited_address(text.substr(kInherited.size()));
    if (text.starts_with(kSystemd)) return systemd_address(text.substr(kSystemd.size()));
    return tcp_address(text);
}

}  // namespace bundle
