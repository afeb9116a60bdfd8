// What holds for every request that meets a site or a route, whatever answers it.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "frontend/answer/answer_buffer.hpp"
#include "frontend/answer/header_changes.hpp"
#include "frontend/observe/counters.hpp"
#include "frontend/request/access_list.hpp"
#include "frontend/request/body_buffer.hpp"
#include "frontend/route/error_files.hpp"
#include "frontend/route/rules_context.hpp"
#include "shared/base/result.hpp"
#include "shared/config/config.hpp"
#include "shared/routing/redirect_target.hpp"

namespace bundle {

// Of a site, for all of its routes.
struct SiteRules {
    std::string own_host;                    // the first that is no wildcard; "": none
    std::optional<RedirectTarget> to_https;  // where requests are led that came by http
    ClientVerify client_verify = ClientVerify::Off;
    bool is_in_maintenance = false;
    AccessList let_through;  // while it lasts
    std::string retry_after;
    std::array<HeaderField, 1> of_maintenance;  // views retry_after

    static Result<std::shared_ptr<const SiteRules>> create(const SiteConfig& config);
};

struct RouteRules {
    std::shared_ptr<const SiteRules> site;  // none where there is no site
    HeaderChanges headers;
    HeaderChanges headers_by_https;  // with Strict-Transport-Security
    AccessList access;
    bool is_logged = true;
    bool tells_timing = false;  // by Server-Timing
    std::string site_name;      // for logs: its first host; "" for one without hosts, and for none
    std::string route_path;     // likewise, as the file has it; "": none
    std::shared_ptr<RouteCounters> counters;  // theirs is the only part that changes
    ErrorFiles errors;
    CompressionConfig compression;  // of the app's answers
    std::uint32_t max_ranges = 0;   // of files that it gives
    HttpConfig http;                // with the limits that hold here
    BodyLimits body_limits;
    AnswerLimits answer_limits;
    AnswerLimits unbuffered_limits;  // of answers that are not to wait on disk

    // Of requests for no site.
    static RouteRules without_site(const HttpConfig& http, const RulesContext& context);
};

// Of one site and its routes.
class RulesOfSite {
  public:
    // The first two and the last outlive this.
    RulesOfSite(const Config& config, const SiteConfig& site, RulesContext context,
                LoadedErrorFiles& error_files)
        : config_(config), site_(site), context_(std::move(context)), error_files_(error_files) {}

    // Comes first.
    [[nodiscard]] Result<std::unique_ptr<const RouteRules>> of_site();
    [[nodiscard]] Result<std::unique_ptr<const RouteRules>> of(const RouteConfig& route) const;

  private:
    [[nodiscard]] Result<std::unique_ptr<RouteRules>> in(const ScopeConfig& scope,
                                                         const std::string& route) const;

    const Config& config_;
    const SiteConfig& site_;
    RulesContext context_;
    LoadedErrorFiles& error_files_;
    std::shared_ptr<const SiteRules> for_all_;
};

}  // namespace bundle
