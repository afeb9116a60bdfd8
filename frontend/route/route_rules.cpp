#include "frontend/route/route_rules.hpp"

#include <array>
#include <span>
#include <utility>

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

void set_limits(RouteRules& rules, SpoolSpace* space) {
    const HttpConfig& http = rules.http;
    rules.body_limits = {http.body_memory, http.max_body, space};
    rules.answer_limits = {http.response_memory, http.response_disk, space};
    rules.unbuffered_limits = {http.response_memory, {}, nullptr};
}

}  // namespace

RouteRules RouteRules::without_site(const HttpConfig& http, SpoolSpace* space) {
    RouteRules rules;
    rules.http = http;
    set_limits(rules, space);
    return rules;
}

Result<std::unique_ptr<RouteRules>> RulesOfSite::in(const ScopeConfig& scope) const {
    auto rules = std::make_unique<RouteRules>();
    apply(site_.scope.headers, rules->headers);
    TRY_ASSIGN(rules->access, AccessList::create(scope.allow, scope.deny));
    rules->is_logged = scope.access_log;
    TRY_ASSIGN(rules->errors, ErrorFiles::load(scope.errors, error_files_));
    rules->http = config_.http;
    rules->http.max_body = scope.max_body;
    rules->http.body_timeout = scope.body_timeout;
    rules->http.send_timeout = scope.send_timeout;
    rules->http.response_memory = scope.response_memory;
    rules->http.response_disk = scope.response_disk;
    set_limits(*rules, space_);
    return rules;
}

Result<std::unique_ptr<const RouteRules>> RulesOfSite::of_site() const { return in(site_.scope); }

Result<std::unique_ptr<const RouteRules>> RulesOfSite::of(const RouteConfig& route) const {
    TRY_ASSIGN(auto rules, in(route.scope));
    apply(route.scope.headers, rules->headers);
    return rules;
}

}  // namespace bundle
