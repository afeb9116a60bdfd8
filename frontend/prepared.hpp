// A configuration that stands beside the one that serves, until the master says which of them it is
// to be.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "frontend/dispatch/app_pools.hpp"
#include "frontend/snapshot.hpp"
#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"

namespace bundle {

struct Prepared {
    std::shared_ptr<const Snapshot> snapshot;
    OwnedFd access_log;
    OwnedFd error_log;
    std::vector<OwnedFd> listeners;  // one for each [[listen]]
};

// `descriptors` are those of ControlType::Prepare.
Result<Prepared> prepare(std::uint32_t generation, std::vector<OwnedFd> descriptors);

AppPools pools_for(const std::shared_ptr<const Snapshot>& snapshot);

// Of a memfd that the master wrote.
Result<Config> read_config(const OwnedFd& file);

}  // namespace bundle
