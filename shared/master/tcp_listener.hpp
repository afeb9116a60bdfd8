// Listening on a TCP address.
#pragma once
#include <vector>

#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"
#include "shared/config/listen_address.hpp"

namespace bundle {

// One socket for each address that the host's name has; one for both families when there is no
// host. All of them non-blocking, with TCP_NODELAY, which the connections that they accept inherit.
// When somebody else listens there, the error says who.
Result<std::vector<OwnedFd>> listen_tcp(const TcpAddress& address, int backlog);

}  // namespace bundle
