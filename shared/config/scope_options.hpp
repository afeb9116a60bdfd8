// The options that a [[site]] and a [[site.route]] have in common. A part of options.hpp.
#pragma once
#include <array>
#include <chrono>
#include <string_view>
#include <tuple>

#include "shared/config/config.hpp"
#include "shared/config/option/inherited.hpp"
#include "shared/config/option/option.hpp"
#include "shared/config/option/routing_checks.hpp"

namespace bundle::config {

using namespace std::chrono_literals;

inline constexpr Bytes kUnlimited = Bytes::unlimited();
inline constexpr std::array<std::string_view, 3> kUnderscoreWords = {"drop", "refuse", "allow"};
inline constexpr std::array<std::string_view, 3> kPresetWords = {"none", "basic", "strict"};

// Also options of [http], from which a site has them.
inline constexpr Size kMaxBody(10_MiB, {0_B, kUnlimited});
inline constexpr Size kBodyMemory(64_KiB, {1_KiB, 1_MiB});
inline constexpr SizeOrOff kMinRate({240}, {1_B, 1_GiB});
inline constexpr Duration kBodyTimeout(30s, {100ms, 1h});
inline constexpr Duration kSendTimeout(30s, {100ms, 1h});
inline constexpr Size kResponseMemory(256_KiB, {4_KiB, 64_MiB});
inline constexpr Size kResponseDisk(1_GiB, {0_B, kUnlimited});
inline constexpr std::string_view kOfHttp = "that of the site, or of [http]";
inline constexpr std::string_view kOfSite = "those of the site, or none";

inline constexpr std::tuple kHeadersOptions{
    option("preset", &HeadersConfig::preset, Word(HeadersPreset::None, kPresetWords),
           "Fields that harden a site, wherever the answer itself says nothing of them. \"basic\": "
           "X-Content-Type-Options, Referrer-Policy and X-Frame-Options (SAMEORIGIN). \"strict\": "
           "X-Frame-Options is DENY, the Referrer-Policy same-origin, and there are "
           "Cross-Origin-Opener-Policy, Cross-Origin-Resource-Policy and Permissions-Policy."),
    option("set", &HeadersConfig::set, TextTable(),
           "Fields of every answer, errors and redirects included, in place of the answer's own."),
    option("append", &HeadersConfig::append, TextTable(), "Fields beside those of the answer."),
    option("remove", &HeadersConfig::remove, LineList({}, check_changed_field),
           "Fields that no answer has."),
};

inline constexpr std::tuple kScopeOptions{
    option("errors", &ScopeConfig::errors, TableOfPaths(),
           "Pages for errors that are not the app's own answer, by status or class: { 404 = "
           "\"404.html\", 5xx = \"500.html\" }. They are read at start, up to 1M each, and held in "
           "memory. A route has those of its site, too."),
    option("allow", &ScopeConfig::allow, Inherited(LineList({}, check_trusted_peers), kOfSite),
           "Clients that may come here, written as trust.proxies; others are answered 403."),
    option("deny", &ScopeConfig::deny, Inherited(LineList({}, check_trusted_peers), kOfSite),
           "Clients that may not. Of allow and deny the narrowest network that holds the client's "
           "address decides; whom neither names may come unless allow names somebody."),
    option("access_log", &ScopeConfig::access_log,
           Inherited(Flag(true), "that of the site, or true"),
           "Whether requests have a line in the access log."),
    option("underscore_headers", &ScopeConfig::underscore_headers,
           Inherited(Word(UnderscoreHeaders::Drop, kUnderscoreWords), kOfHttp),
           "As http.underscore_headers."),
    option("server_timing", &ScopeConfig::server_timing,
           Inherited(Flag(false), "that of the site, or false"),
           "Whether an application's answers have a field Server-Timing, which browsers show: "
           "milliseconds until the request was there, until a worker was free, and until the "
           "answer began."),
    option("max_body", &ScopeConfig::max_body, Inherited(kMaxBody, kOfHttp), "As http.max_body."),
    option("body_memory", &ScopeConfig::body_memory, Inherited(kBodyMemory, kOfHttp),
           "As http.body_memory."),
    option("body_timeout", &ScopeConfig::body_timeout, Inherited(kBodyTimeout, kOfHttp),
           "As http.body_timeout."),
    option("body_min_rate", &ScopeConfig::body_min_rate, Inherited(kMinRate, kOfHttp),
           "As http.body_min_rate."),
    option("send_timeout", &ScopeConfig::send_timeout, Inherited(kSendTimeout, kOfHttp),
           "As http.send_timeout."),
    option("send_min_rate", &ScopeConfig::send_min_rate, Inherited(kMinRate, kOfHttp),
           "As http.send_min_rate."),
    option("response_memory", &ScopeConfig::response_memory, Inherited(kResponseMemory, kOfHttp),
           "As http.response_memory."),
    option("response_disk", &ScopeConfig::response_disk, Inherited(kResponseDisk, kOfHttp),
           "As http.response_disk."),
    table(
        "headers", &ScopeConfig::headers, kHeadersOptions,
        "What is changed in the fields of answers. What a route says comes on top of what its site "
        "says."),
};

inline constexpr std::tuple kMaintenanceOptions{
    option(
        "on", &MaintenanceConfig::on, Flag(false),
        "Whether requests that an app would answer are answered 503. Files, redirects and returns "
        "stay as they are."),
    option("retry_after", &MaintenanceConfig::retry_after, 5min, {1s, 24h * 30},
           "What clients are told to wait."),
    option("allow", &MaintenanceConfig::allow, LineList({}, check_trusted_peers),
           "Clients for whom the site goes on, written as trust.proxies."),
};

}  // namespace bundle::config
