// What the master holds open for as long as it runs, and hands to each new child.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"
#include "shared/config/loader.hpp"
#include "shared/master/inherited_sockets.hpp"
#include "shared/master/listeners.hpp"
#include "shared/master/run_directory.hpp"
#include "shared/wire/scoreboard.hpp"

namespace bundle {

struct Resources {
    // From now on clients are refused, or wait for the systemd unit; those that the front has are
    // not touched.
    void stop_listening();

    // In the order in which they are opened; they close the other way round.
    RunDirectory run_directory;
    UnixListener workers;
    InheritedSockets inherited;
    std::vector<Listener> listeners;
    OwnedFd access_log;
    OwnedFd null;
    std::vector<wire::Scoreboard> scoreboards;  // one for each app
    PidFile pid_file;
};

// `workers`: whether some of them run as another user than the front.
Result<Resources> open_resources(const LoadedConfig& loaded, InheritedSockets inherited,
                                 RunDirectory::WorkersAre workers);

// log.path for appending; nothing when it is stderr.
Result<OwnedFd> open_log(const LogConfig& log);

// Raises our limit of descriptors to what the system allows, root's to what is needed; the children
// inherit it. The front lowers server.max_connections, and says so, when that is too low.
void raise_descriptor_limit(std::uint64_t needed);

}  // namespace bundle
