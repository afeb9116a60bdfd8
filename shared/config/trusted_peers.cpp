#include "shared/config/trusted_peers.hpp"

#include <fmt/format.h>

#include <array>
#include <span>

namespace bundle {

namespace {

constexpr std::array<std::string_view, 2> kLoopback = {"127.0.0.0/8", "::1"};
// RFC 1918, and the unique local addresses of RFC 4193.
constexpr std::array<std::string_view, 4> kPrivate = {"10.0.0.0/8", "172.16.0.0/12",
                                                      "192.168.0.0/16", "fc00::/7"};
constexpr std::array<std::string_view, 2> kEverywhere = {"0.0.0.0/0", "::/0"};

TrustedPeers all_of(std::span<const std::string_view> networks) {
    TrustedPeers peers;
    for (const std::string_view network : networks)
        peers.ranges.push_back(*IpRange::parse(network));
    return peers;
}

}  // namespace

Result<TrustedPeers> parse_trusted_peers(std::string_view item) {
    if (item == "loopback") return all_of(kLoopback);
    if (item == "private") return all_of(kPrivate);
    if (item == "unix") return TrustedPeers{{}, true};
    if (item == "*") {
        TrustedPeers everyone = all_of(kEverywhere);
        everyone.unix_sockets = true;
        return everyone;
    }
    const auto range = IpRange::parse(item);
    if (range) return TrustedPeers{{*range}, false};
    if (item.find_first_of("./:") != std::string_view::npos) return failure(range.error().message);
    return failure(
        "it must be an address, a network such as \"10.0.0.0/8\", or one of \"private\", "
        "\"loopback\", \"unix\" and \"*\"");
}

}  // namespace bundle
