#include "frontend/snapshot.hpp"

#include <utility>

namespace bundle {

Result<std::shared_ptr<const Snapshot>> make_snapshot(Config config, std::uint32_t generation,
                                                      std::shared_ptr<CounterTable> counters) {
    if (!counters) counters = std::make_shared<CounterTable>();
    std::vector<SendFileRoots> send_file_roots;
    for (const AppConfig& app : config.apps) {
        TRY_ASSIGN(SendFileRoots roots, SendFileRoots::open(app.send_file_roots));
        send_file_roots.push_back(std::move(roots));
    }
    TRY_ASSIGN(TrustRules trust, make_trust_rules(config));
    const HttpConfig& http = config.http;
    const ServerConfig& server = config.server;
    auto space = std::make_unique<SpoolSpace>(
        SpoolLimits{server.temp_directory, server.temp_min_free, server.temp_max});
    TRY_ASSIGN(Router router, Router::create(config, {space.get(), counters}));
    std::vector<std::shared_ptr<AppCounters>> app_counters;
    for (const AppConfig& app : config.apps) app_counters.push_back(counters->of_app(app.name));
    TRY_ASSIGN(TrustedProxies admins, TrustedProxies::create(config.admin.allow));
    RouteRules of_admin = RouteRules::without_site(http, {});
    of_admin.is_logged = false;
    TRY_ASSIGN(AccessLine access_line, AccessLine::create(config.log.access.format));
    AccessFilter access_filter(config.log.access);
    const http1::HeadLimits head_limits = {http.max_request_line, http.max_headers,
                                           http.max_header_size, http.max_head_size};
    return std::make_shared<const Snapshot>(
        Snapshot{generation, std::move(config), std::move(space), std::move(router),
                 std::move(send_file_roots), std::move(trust), head_limits, std::move(access_line),
                 std::move(access_filter), std::move(counters), std::move(app_counters),
                 std::move(admins), std::move(of_admin)});
}

}  // namespace bundle
