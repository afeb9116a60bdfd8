// What the master holds open for as long as it runs.
#pragma once
#include <cstdint>
#include <memory>

#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"
#include "shared/config/config.hpp"
#include "shared/master/control_socket.hpp"
#include "shared/master/inherited_sockets.hpp"
#include "shared/master/run_directory.hpp"
#include "shared/master/terminal.hpp"

namespace bundle {

struct Resources {
    // In the order in which they are opened; they close the other way round.
    RunDirectory run_directory;
    std::shared_ptr<const WorkerSocket> workers;  // of the front that serves
    ControlSocket control;
    InheritedSockets inherited;
    OwnedFd null;
    PidFile pid_file;
    Terminal terminal;  // none unless a developer sits at it
};

// `workers`: whether some of them run as another user than the front.
Result<Resources> open_resources(const Config& config, InheritedSockets inherited,
                                 RunDirectory::WorkersAre workers);

// Raises our limit of descriptors to what the system allows, root's to what is needed; the children
// inherit it. The front lowers server.max_connections, and says so, when that is too low.
void raise_descriptor_limit(std::uint64_t needed);

}  // namespace bundle
