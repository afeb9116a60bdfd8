// The options of the two logs. A part of options.hpp.
#pragma once
#include <array>
#include <string_view>
#include <tuple>

#include "shared/config/access_format.hpp"
#include "shared/config/config.hpp"
#include "shared/config/option/fraction.hpp"
#include "shared/config/option/option.hpp"
#include "shared/config/option/path_or_log_service.hpp"
#include "shared/config/option/routing_checks.hpp"
#include "shared/config/option/text_checks.hpp"

namespace bundle::config {

inline constexpr std::array<std::string_view, 1> kStandardStream = {"-"};
inline constexpr std::array<std::string_view, 2> kStandardStreamOrOff = {"-", "off"};
inline constexpr std::array<std::string_view, 4> kLogLevelWords = {"error", "warn", "info",
                                                                   "debug"};
inline constexpr std::array<std::string_view, 2> kLogFormatWords = {"text", "json"};

inline constexpr std::tuple kAccessLogOptions{
    option("path", &AccessLogConfig::path,
           PathOrLogService({.fallback = "-", .words = kStandardStreamOrOff}),
           "Where a line for each request goes: a file, \"-\" (standard output), "
           "\"syslog:server=10.0.0.5:514,facility=local7,tag=shop\" (RFC 5424; by UDP, to "
           "tcp:10.0.0.5:601 or to unix:/path, /dev/log when it is left out), or \"journald\"."),
    option("format", &AccessLogConfig::format,
           Line({.fallback = kCombinedFormat, .check = check_access_format}),
           "What the line says: \"combined\" (of Apache and nginx), \"json\", or a text with "
           "gunicorn's atoms, such as %(h)s and %({referer}i)s, or nginx's variables, such as "
           "$remote_addr and $http_referer. A \"%\" is written \"%%\", a \"$\" \"$$\"."),
    option("exclude", &AccessLogConfig::exclude, LineList({}, check_route_path),
           "Paths whose requests have no line, whatever becomes of them, in the words of "
           "site.route.path: [\"/healthz\", \"=/favicon.ico\", \"*.map\"]."),
    option("exclude_agents", &AccessLogConfig::exclude_agents, LineList({}, check_agent),
           "What stands somewhere in the User-Agent of requests that have no line: "
           "[\"kube-probe/\", \"ELB-HealthChecker/\"]. Those that went wrong and the slow ones, as "
           "sample has them, have one all the same: what a client calls itself is its own choice."),
    option("sample", &AccessLogConfig::sample, Fraction(1),
           "The part of requests that have a line: 0.1 for every tenth, chosen by their ids. Those "
           "that went wrong (400 and above, or with a reason) and the slow ones, for which worker "
           "and queue took app.NAME.slow_after, always have one."),
};

inline constexpr std::tuple kLogOptions{
    option("level", &LogConfig::level, Word(LogLevel::Info, kLogLevelWords),
           "Which events the error log tells of: this kind and those before it."),
    option("path", &LogConfig::path, PathOrLogService({.fallback = "-", .words = kStandardStream}),
           "Where the error log goes: a file, \"-\" (standard error), or a service as in "
           "log.access.path."),
    option("format", &LogConfig::format, Word(LogFormat::Text, kLogFormatWords),
           "How its lines look in a file or on standard error."),
    table("access", &LogConfig::access, kAccessLogOptions, "One line for each request."),
};

}  // namespace bundle::config
