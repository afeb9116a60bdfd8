// What holds for every request that meets a site or a route, whatever answers it.
#pragma once
#include <memory>

#include "frontend/answer/answer_buffer.hpp"
#include "frontend/answer/header_changes.hpp"
#include "frontend/request/access_list.hpp"
#include "frontend/request/body_buffer.hpp"
#include "frontend/route/error_files.hpp"
#include "shared/base/result.hpp"
#include "shared/config/config.hpp"

namespace bundle {

struct RouteRules {
    HeaderChanges headers;
    AccessList access;
    bool is_logged = true;
    ErrorFiles errors;
    HttpConfig http;  // with the limits that hold here
    BodyLimits body_limits;
    AnswerLimits answer_limits;
    AnswerLimits unbuffered_limits;  // of answers that are not to wait on disk

    // Of requests for no site.
    static RouteRules without_site(const HttpConfig& http, SpoolSpace* space);
};

// Of one site and its routes.
class RulesOfSite {
  public:
    // All of them outlive this.
    RulesOfSite(const Config& config, const SiteConfig& site, SpoolSpace* space,
                LoadedErrorFiles& error_files)
        : config_(config), site_(site), space_(space), error_files_(error_files) {}

    [[nodiscard]] Result<std::unique_ptr<const RouteRules>> of_site() const;
    [[nodiscard]] Result<std::unique_ptr<const RouteRules>> of(const RouteConfig& route) const;

  private:
    [[nodiscard]] Result<std::unique_ptr<RouteRules>> in(const ScopeConfig& scope) const;

    const Config& config_;
    const SiteConfig& site_;
    SpoolSpace* space_;
    LoadedErrorFiles& error_files_;
};

}  // namespace bundle
