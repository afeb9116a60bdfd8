// A configuration that stands beside the one that serves, until the master says which of them it is
// to be.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "frontend/dispatch/app_pools.hpp"
#include "frontend/snapshot.hpp"
#include "frontend/tls/tls_context.hpp"
#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"
#include "shared/tls/credentials.hpp"

namespace bundle {

struct Prepared {
    std::shared_ptr<const Snapshot> snapshot;
    Credentials credentials;
    std::shared_ptr<const TlsContext> tls;  // made of them; none where nobody speaks TLS
    OwnedFd access_log;
    OwnedFd error_log;
    std::vector<OwnedFd> listeners;  // one for each [[listen]]
    Scoreboards scoreboards;         // one for each app
};

// `descriptors` are those of ControlType::Prepare. The TLS is left to whoever has the ticket keys.
Result<Prepared> prepare(std::uint32_t generation, std::vector<OwnedFd> descriptors,
                         std::shared_ptr<CounterTable> counters);

AppPools pools_for(const std::shared_ptr<const Snapshot>& snapshot, Scoreboards scoreboards = {});

// The error log of this process, which waits for nobody.
void log_as_front(const Config& config);

// Of a memfd that the master wrote.
Result<Config> read_config(const OwnedFd& file);
Result<Credentials> read_sealed(const OwnedFd& file);

}  // namespace bundle
