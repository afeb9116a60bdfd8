// The language of trust.proxies: "10.0.0.0/8", "192.0.2.1", "private", "loopback", "unix", "*".
#pragma once
#include <string_view>
#include <vector>

#include "shared/base/ip_address.hpp"
#include "shared/base/result.hpp"

namespace bundle {

struct TrustedPeers {
    std::vector<IpRange> ranges;
    bool unix_sockets = false;  // whoever connects to a unix socket, as nginx's "unix:"
};

// Whom one item names. An error's message ends a sentence that begins with the item.
Result<TrustedPeers> parse_trusted_peers(std::string_view item);

}  // namespace bundle
