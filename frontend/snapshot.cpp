#include "frontend/snapshot.hpp"

#include <utility>

namespace bundle {

Result<std::shared_ptr<const Snapshot>> make_snapshot(Config config) {
    TRY_ASSIGN(Router router, Router::create(config));
    TRY_ASSIGN(TrustRules trust, make_trust_rules(config));
    const HttpConfig& http = config.http;
    const std::string& temp = config.server.temp_directory;
    const http1::HeadLimits head_limits = {http.max_request_line, http.max_headers,
                                           http.max_header_size, http.max_head_size};
    const BodyLimits body_limits = {http.body_memory, http.max_body, temp};
    const AnswerLimits answer_limits = {http.response_memory, http.response_disk, temp};
    return std::make_shared<const Snapshot>(Snapshot{std::move(config), std::move(router),
                                                     std::move(trust), head_limits, body_limits,
                                                     answer_limits});
}

}  // namespace bundle
