// Addresses that an option names, as system calls take them.
#pragma once
#include "shared/base/socket_address.hpp"
#include "shared/config/listen_address.hpp"

namespace bundle {

// Of an IP address and a port, or a path; nothing else.
SocketAddress socket_address(const ListenAddress& address);

}  // namespace bundle
