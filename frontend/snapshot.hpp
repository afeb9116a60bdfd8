// Everything that is derived from one site.toml, immutable: every request keeps the snapshot that
// it began with.
#pragma once
#include <memory>
#include <vector>

#include "frontend/answer/answer_buffer.hpp"
#include "frontend/files/send_file_roots.hpp"
#include "frontend/http1/request_parser.hpp"
#include "frontend/observe/access_filter.hpp"
#include "frontend/observe/access_line.hpp"
#include "frontend/observe/counters.hpp"
#include "frontend/request/body_buffer.hpp"
#include "frontend/request/trust.hpp"
#include "frontend/route/route_rules.hpp"
#include "frontend/route/router.hpp"
#include "shared/base/result.hpp"
#include "shared/config/config.hpp"

namespace bundle {

struct Snapshot {
    std::uint32_t generation = 1;
    Config config;
    std::unique_ptr<SpoolSpace> space;  // the one thing in here that changes
    Router router;
    std::vector<SendFileRoots> send_file_roots;  // in the order of Config::apps
    TrustRules trust;
    http1::HeadLimits head_limits;
    AccessLine access_line;
    AccessFilter access_filter;
    std::shared_ptr<CounterTable> counters;
    std::vector<std::shared_ptr<AppCounters>> app_counters;  // in the order of Config::apps
    TrustedProxies admins;                                   // who may ask at admin.address
    RouteRules of_admin;                                     // for what they ask
};

// It goes on with `counters`; without, it begins with its own.
Result<std::shared_ptr<const Snapshot>> make_snapshot(
    Config config, std::uint32_t generation = 1, std::shared_ptr<CounterTable> counters = nullptr);

}  // namespace bundle
