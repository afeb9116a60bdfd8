#include "shared/config/statsd_address.hpp"

#include "shared/base/ip_address.hpp"
#include "shared/config/listen_address.hpp"

namespace bundle::config {

std::optional<std::string> check_statsd_address(std::string_view text) {
    if (text == "off") return std::nullopt;
    const auto address = parse_listen_address(text);
    if (!address) return address.error().message;
    if (text.starts_with("unix:/")) return std::nullopt;
    const auto* udp = std::get_if<TcpAddress>(&*address);
    // Looking a name up could hold every client up.
    if (udp == nullptr || udp->port == 0 || !IpAddress::parse(udp->host))
        return "it must be an address and a port, such as \"127.0.0.1:8125\", or \"unix:/path\"";
    return std::nullopt;
}

}  // namespace bundle::config
