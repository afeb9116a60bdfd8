// Listening sockets that were open when we started: those that systemd, or whoever speaks its
// protocol, opened for us (LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES, sd_listen_fds(3)), and the
// "fd:3" of the file.
#pragma once
#include <string>
#include <vector>

#include "shared/base/owned_fd.hpp"

namespace bundle {

// The listeners are duplicates of these, so that a reload can use them again; a stop closes both.
struct InheritedSocket {
    OwnedFd fd;        // close-on-exec
    std::string name;  // of the socket unit; empty: an "fd:3"
};
using InheritedSockets = std::vector<InheritedSocket>;

// Those that systemd means for this process. The variables leave the environment, so that no child
// takes them for its own.
InheritedSockets take_activated_sockets();

}  // namespace bundle
