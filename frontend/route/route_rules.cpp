#include "frontend/route/route_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "shared/routing/host_name.hpp"

namespace bundle {

namespace {

constexpr std::array<HeaderField, 3> kBasic = {
    {
     {"X-Content-Type-Options", "nosniff"},
     {"Referrer-Policy", "strict-origin-when-cross-origin"},
     {"X-Frame-Options", "SAMEORIGIN"},
     }
};
// Not "no-referrer": Django's protection against forged requests wants to see the Referer of its
// own pages.
constexpr std::array<HeaderField, 6> kStrict = {
    {
     {"X-Content-Type-Options", "nosniff"},
     {"Referrer-Policy", "same-origin"},
     {"X-Frame-Options", "DENY"},
     {"Cross-Origin-Opener-Policy", "same-origin"},
     {"Cross-Origin-Resource-Policy", "same-origin"},
     {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"},
     }
};

std::span<const HeaderField> fields_of(HeadersPreset preset) {
    switch (preset) {
        case HeadersPreset::None:
            break;
        case HeadersPreset::Basic:
            return kBasic;
        case HeadersPreset::Strict:
            return kStrict;
    }
    return {};
}

void apply(const HeadersConfig& config, HeaderChanges& changes) {
    for (const HeaderField& field : fields_of(config.preset))
        changes.set_if_missing(field.name, field.value);
    for (const auto& [name, value] : config.set) changes.set(name, value);
    for (const auto& [name, value] : config.append) changes.append(name, value);
    for (const std::string& name : config.remove) changes.remove(name);
}

// RFC 6797 section 7.2: never by http, where anybody on the way could have written it.
void add_hsts(RouteRules& rules, milliseconds hsts) {
    rules.headers_by_https = rules.headers;
    if (hsts == milliseconds::zero()) return;
    rules.headers_by_https.set(
        "Strict-Transport-Security",
        fmt::format("max-age={}", std::chrono::duration_cast<seconds>(hsts).count()));
}

void set_limits(RouteRules& rules, SpoolSpace* space) {
    const HttpConfig& http = rules.http;
    rules.body_limits = {http.body_memory, http.max_body, space};
    rules.answer_limits = {http.response_memory, http.response_disk, space};
    rules.unbuffered_limits = {http.response_memory, {}, nullptr};
}

std::shared_ptr<RouteCounters> counters_of(const std::string& site, const std::string& route,
                                           const RulesContext& context) {
    return context.counters ? context.counters->of_route(site, route)
                            : std::make_shared<RouteCounters>();
}

}  // namespace

RouteRules RouteRules::without_site(const HttpConfig& http, const RulesContext& context) {
    RouteRules rules;
    rules.http = http;
    rules.counters = counters_of({}, {}, context);
    set_limits(rules, context.space);
    return rules;
}

Result<std::shared_ptr<const SiteRules>> SiteRules::create(const SiteConfig& config) {
    const auto rules = std::make_shared<SiteRules>();
    const auto own = std::ranges::find_if(
        config.hosts, [](const std::string& host) { return !host.starts_with('*'); });
    if (own != config.hosts.end()) rules->own_host = HostName(*own).view();
    if (config.https == HttpsMode::Redirect) {
        TRY_ASSIGN(rules->to_https, RedirectTarget::parse("https://$host$request_uri"));
    }
    rules->client_verify = config.client_verify;
    rules->is_in_maintenance = config.maintenance.on;
    // Nobody, when the list is empty.
    TRY_ASSIGN(rules->let_through, AccessList::create(config.maintenance.allow, {"*"}));
    rules->retry_after =
        fmt::format_int(std::chrono::duration_cast<seconds>(config.maintenance.retry_after).count())
            .str();
    rules->of_maintenance = {{{"Retry-After", rules->retry_after}}};
    return rules;
}

Result<std::unique_ptr<RouteRules>> RulesOfSite::in(const ScopeConfig& scope,
                                                    const std::string& route) const {
    auto rules = std::make_unique<RouteRules>();
    rules->site = for_all_;
    apply(site_.scope.headers, rules->headers);
    TRY_ASSIGN(rules->access, AccessList::create(scope.allow, scope.deny));
    rules->is_logged = scope.access_log;
    rules->tells_timing = scope.server_timing;
    if (!site_.hosts.empty()) rules->site_name = site_.hosts.front();
    rules->route_path = route;
    rules->counters = counters_of(rules->site_name, route, context_);
    TRY_ASSIGN(rules->errors, ErrorFiles::load(scope.errors, error_files_));
    rules->http = config_.http;
    rules->http.underscore_headers = scope.underscore_headers;
    rules->http.max_body = scope.max_body;
    rules->http.body_memory = scope.body_memory;
    rules->http.body_timeout = scope.body_timeout;
    rules->http.body_min_rate = scope.body_min_rate;
    rules->http.send_timeout = scope.send_timeout;
    rules->http.send_min_rate = scope.send_min_rate;
    rules->http.response_memory = scope.response_memory;
    rules->http.response_disk = scope.response_disk;
    set_limits(*rules, context_.space);
    return rules;
}

Result<std::unique_ptr<const RouteRules>> RulesOfSite::of_site() {
    TRY_ASSIGN(for_all_, SiteRules::create(site_));
    TRY_ASSIGN(auto rules, in(site_.scope, {}));
    rules->compression = site_.compression;
    rules->max_ranges = site_.files.max_ranges;
    add_hsts(*rules, site_.hsts);
    return rules;
}

Result<std::unique_ptr<const RouteRules>> RulesOfSite::of(const RouteConfig& route) const {
    TRY_ASSIGN(auto rules, in(route.scope, route.path));
    rules->compression = route.compression;
    rules->max_ranges = route.files.max_ranges;
    apply(route.scope.headers, rules->headers);
    add_hsts(*rules, site_.hsts);
    return rules;
}

}  // namespace bundle
