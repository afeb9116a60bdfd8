// What goes on in one application: what its workers' scoreboard says, corrected by what its pool
// knows better.
#pragma once
#include "frontend/dispatch/app_pools.hpp"
#include "frontend/observe/status_facts.hpp"

namespace bundle {

// `pool` is one of `pools`.
AppStatus app_status(const AppPools& pools, const WorkerPool& pool, const AppCounters& counters,
                     std::chrono::steady_clock::time_point now);
// The workers of an earlier generation that are still there.
void add_earlier_workers(AppStatus& app, const AppPools& earlier,
                         std::chrono::steady_clock::time_point now);

}  // namespace bundle
