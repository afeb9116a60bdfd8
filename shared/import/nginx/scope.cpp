#include "shared/import/nginx/scope.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "shared/config/access_format.hpp"
#include "shared/config/option/kinds.hpp"
#include "shared/config/option/routing_checks.hpp"
#include "shared/config/units.hpp"
#include "shared/import/lower_case.hpp"
#include "shared/import/nginx/access_lists.hpp"
#include "shared/import/nginx/error_pages.hpp"
#include "shared/import/nginx/plain_words.hpp"
#include "shared/import/nginx/units.hpp"

namespace bundle::imported {

using namespace std::chrono_literals;

namespace {

void take_size(const Scope& scope, const Directive& directive, std::string_view key,
               SizeRange range) {
    const auto size = nginx_size(directive.argument(0));
    if (!size) return scope.out.not_translated(directive.said(), "it is no size");
    put_size(scope.out, scope.table, key, *size, range, directive.said());
}

void take_time(const Scope& scope, const Directive& directive, std::string_view key,
               TimeRange range) {
    const auto time = nginx_time(directive.argument(0));
    if (!time) return scope.out.not_translated(directive.said(), "it is no time");
    put_time(scope.out, scope.table, key, *time, range, directive.said());
}

// Of connections, which know no site when they begin.
Scope of_http(const Scope& scope) {
    return {scope.out, scope.out.draft.http, Level::Http, scope.server};
}

void take_max_body(const Scope& scope, const Directive& directive) {
    if (nginx_size(directive.argument(0)) == Bytes{0})
        return scope.out.put(scope.table, "max_body", "\"unlimited\"", directive.said());
    take_size(scope, directive, "max_body", {Bytes{0}, Bytes{1ULL << 50}});
}

void take_keepalive(const Scope& scope, const Directive& directive) {
    const Scope http = of_http(scope);
    if (nginx_time(directive.argument(0)) == 0ms)
        return scope.out.put(http.table, "keepalive_requests", "1", directive.said());
    take_time(http, directive, "keepalive_timeout", {100ms, 24h});
}

void take_keepalive_requests(const Scope& scope, const Directive& directive) {
    const auto count = nginx_size(directive.argument(0));
    if (!count) return scope.out.not_translated(directive.said(), "it is no number");
    const auto most = std::clamp<std::uint64_t>(count->count, 1, 1'000'000'000);
    scope.out.put(scope.out.draft.http, "keepalive_requests", std::to_string(most),
                  directive.said());
}

void take_header_timeout(const Scope& scope, const Directive& directive) {
    take_time(of_http(scope), directive, "head_timeout", {100ms, 10min});
}

// Four of 8k: a line or a field fits into one of them, all fields into all.
void take_header_buffers(const Scope& scope, const Directive& directive) {
    const auto count = nginx_size(directive.argument(0)), size = nginx_size(directive.argument(1));
    if (!count || !size)
        return scope.out.not_translated(directive.said(), "it is no number and size");
    DraftTable& http = scope.out.draft.http;
    const Said said = directive.said();
    put_size(scope.out, http, "max_request_line", *size, {256_B, 1_MiB}, said);
    put_size(scope.out, http, "max_header_size", *size, {256_B, 1_MiB}, said);
    const Bytes all{
        std::max(size->count, std::min<std::uint64_t>(count->count, 1024) * size->count)};
    put_size(scope.out, http, "max_head_size", all, {1_KiB, 1_MiB}, said);
}

void take_underscores(const Scope& scope, const Directive& directive) {
    scope.out.put(scope.out.draft.http, "underscore_headers",
                  directive.argument(0) == "on" ? "\"allow\"" : "\"drop\"", directive.said());
}

// Of these, one that stands in http { } is for each site.
void take_flag(const Scope& scope, const Directive& directive, std::string_view key) {
    scope.out.put(scope.table, key, directive.argument(0) == "on" ? "true" : "false",
                  directive.said());
}

void take_gzip(const Scope& scope, const Directive& directive) {
    take_flag(scope, directive, "gzip");
}

struct LevelRange {
    std::uint64_t least, most;
};
void take_level(const Scope& scope, const Directive& directive, std::string_view key,
                LevelRange range) {
    const auto level = nginx_size(directive.argument(0));
    if (!level) return scope.out.not_translated(directive.said(), "it is no level");
    const auto within = std::clamp(level->count, range.least, range.most);
    scope.out.put(scope.table, key, std::to_string(within), directive.said());
    if (within != level->count)
        scope.out.differs(directive.said(), fmt::format("{} is {} to {}", scope.table.option(key),
                                                        range.least, range.most));
}

// It may be said of several codings; what they are compressed by is for `compression`.
void take_coding(const Scope& scope, const Directive& directive) {
    if (directive.argument(0) == "on") return take_flag(scope, directive, "gzip");
    scope.out.not_needed(directive.said(), "compression says by what answers are compressed");
}

void take_brotli_level(const Scope& scope, const Directive& directive) {
    take_level(scope, directive, "brotli_level", {0, 9});
}

void take_zstd_level(const Scope& scope, const Directive& directive) {
    take_level(scope, directive, "zstd_level", {1, 12});
}

void take_gzip_types(const Scope& scope, const Directive& directive) {
    scope.out.add_to_list(scope.table, "gzip_types", "text/html", directive.said());
    for (const std::string& type : directive.arguments) {
        if (type != "*" && config::check_media_type(type))
            scope.out.not_translated(directive.said(), type + " is no type");
        else
            scope.out.add_to_list(scope.table, "gzip_types", type == "*" ? "*/*" : type,
                                  directive.said());
    }
}

void take_gzip_length(const Scope& scope, const Directive& directive) {
    take_size(scope, directive, "gzip_min_size", {0_B, 1_GiB});
}

void take_gzip_level(const Scope& scope, const Directive& directive) {
    take_level(scope, directive, "gzip_level", {1, 9});
}

void take_body_timeout(const Scope& scope, const Directive& directive) {
    take_time(scope, directive, "body_timeout", {100ms, 1h});
}

void take_send_timeout(const Scope& scope, const Directive& directive) {
    take_time(scope, directive, "send_timeout", {100ms, 1h});
}

void take_body_buffer(const Scope& scope, const Directive& directive) {
    take_size(scope, directive, "body_memory", {1_KiB, 1_MiB});
}

void take_autoindex(const Scope& scope, const Directive& directive) {
    take_flag(scope, directive, "listing");
}

void take_expires(const Scope& scope, const Directive& directive) {
    Import& out = scope.out;
    const std::string when = directive.argument(0);
    if (when == "off") return out.put(scope.table, "expires", "\"off\"", directive.said());
    if (when == "epoch" || when.starts_with('-'))
        return out.put_text(scope.table, "cache_control", "no-cache", directive.said());
    const auto time =
        when == "max" ? std::optional<std::chrono::milliseconds>(24h * 3650) : nginx_time(when);
    if (!time || *time < 1s)
        return out.not_translated(directive.said(),
                                  "bundle counts from the answer on: expires = \"1h\"");
    put_time(out, scope.table, "expires", *time, {1s, 24h * 3650}, directive.said());
}

void take_add_header(const Scope& scope, const Directive& directive) {
    Import& out = scope.out;
    const std::string name = directive.argument(0), value = directive.argument(1);
    if (value.find('$') != std::string::npos)
        return out.not_translated(directive.said(), "bundle has no variables in fields");
    if (const auto complaint = config::check_changed_field(name))
        return out.not_translated(directive.said(), *complaint);
    if (value.empty()) return out.not_needed(directive.said(), "an empty field is none");
    out.add_to_table(scope.table, "headers.append", name, value, directive.said());
    if (directive.argument(2) != "always") out.differs(directive.said(), "it is on errors, too");
}

void take_hide_header(const Scope& scope, const Directive& directive) {
    const std::string name = directive.argument(0);
    if (const auto complaint = config::check_changed_field(name))
        return scope.out.not_translated(directive.said(), *complaint);
    scope.out.add_to_list(scope.table, "headers.remove", name, directive.said());
}

void take_real_ip_from(const Scope& scope, const Directive& directive) {
    const std::string who = directive.argument(0) == "unix:" ? "unix" : directive.argument(0);
    if (const auto complaint = config::check_trusted_peers(who))
        return scope.out.not_translated(directive.said(), *complaint);
    scope.out.add_to_list(scope.out.draft.trust, "proxies", who, directive.said());
}

void take_real_ip_header(const Scope& scope, const Directive& directive) {
    const std::string name = in_lower_case(directive.argument(0));
    if (name == "proxy_protocol")
        return scope.out.not_needed(directive.said(),
                                    "a listener with proxy_protocol takes the client from it");
    if (const auto complaint = config::check_field_name(name))
        return scope.out.not_translated(directive.said(), *complaint);
    scope.out.put_text(scope.out.draft.trust, "client_ip_header", name, directive.said());
}

// Nothing to do for what bundle tells every application.
void take_proxy_header(const Scope& scope, const Directive& directive) {
    constexpr std::array kUsual = std::to_array<std::pair<std::string_view, std::string_view>>({
        {"host",               "$host"                     },
        {"host",               "$http_host"                },
        {"host",               "$host:$server_port"        },
        {"x-forwarded-for",    "$proxy_add_x_forwarded_for"},
        {"x-forwarded-for",    "$remote_addr"              },
        {"x-forwarded-proto",  "$scheme"                   },
        {"x-scheme",           "$scheme"                   },
        {"x-forwarded-host",   "$host"                     },
        {"x-forwarded-host",   "$http_host"                },
        {"x-forwarded-host",   "$server_name"              },
        {"x-forwarded-port",   "$server_port"              },
        {"x-forwarded-server", "$host"                     },
        {"x-real-ip",          "$remote_addr"              },
        {"x-request-id",       "$request_id"               },
        {"connection",         ""                          },
        {"connection",         "close"                     },
        {"accept-encoding",    ""                          },
        {"proxy",              ""                          },
        {"x-forwarded-prefix", ""                          },
    });
    const std::string name = in_lower_case(directive.argument(0));
    const std::string value = directive.argument(1);
    if (std::ranges::find(kUsual, std::pair<std::string_view, std::string_view>(name, value)) !=
        kUsual.end())
        return scope.out.not_needed(directive.said(), "the application gets it by itself");
    if (name == "upgrade" || name == "connection")
        return scope.out.not_translated(directive.said(), "bundle does not speak WebSocket yet");
    if (name == "script_name" && scope.level == Level::Route)
        return;  // of the location, see location.cpp
    scope.out.not_translated(directive.said(),
                             "fields of requests are not changed; what TLS knows is in SSL_..., "
                             "the rest in app.main.env");
}

void take_access_log(const Scope& scope, const Directive& directive) {
    if (directive.argument(0) == "off") {
        if (scope.level != Level::Http)
            return scope.out.put(scope.table, "access_log", "false", directive.said());
        return scope.out.put(scope.out.draft.access_log, "path", "\"off\"", directive.said());
    }
    const std::string path = directive.argument(0);
    if (!path.starts_with('/') || path.find('$') != std::string::npos)
        return scope.out.not_translated(directive.said(),
                                        "log.access.path is a file, \"-\" or \"off\"");
    scope.out.put_text(scope.out.draft.access_log, "path", path, directive.said());
    const auto format = scope.out.log_formats.find(directive.argument(1));
    if (format == scope.out.log_formats.end()) return;
    if (const auto complaint = config::check_access_format(format->second))
        return scope.out.not_translated(directive.said(), "its format: " + *complaint);
    scope.out.put_text(scope.out.draft.access_log, "format", format->second, directive.said());
}

void take_error_log(const Scope& scope, const Directive& directive) {
    const std::string path = directive.argument(0), level = directive.argument(1);
    DraftTable& log = scope.out.draft.log;
    if (path == "stderr")
        scope.out.put_text(log, "path", "-", directive.said());
    else if (path.starts_with('/') && path != "/dev/null")
        scope.out.put_text(log, "path", path, directive.said());
    else
        return scope.out.not_translated(directive.said(), "log.path is a file, or \"-\"");
    if (level.empty()) return;
    const bool is_same = level == "debug" || level == "info" || level == "warn" || level == "error";
    const std::string ours = is_same ? level : level == "notice" ? "info" : "error";
    // nginx's "warn" hides what bundle has to say of starts, stops and workers that died.
    if (ours == "debug") return scope.out.put_text(log, "level", ours, directive.said());
    scope.out.differs(directive.said(),
                      "log.level stays \"info\": starts, stops and deaths of workers are told");
}

void take_disable_symlinks(const Scope& scope, const Directive& directive) {
    if (directive.argument(0) == "on")
        scope.out.put(scope.table, "symlinks", "\"deny\"", directive.said());
}

void take_user(const Scope& scope, const Directive& directive) {
    scope.out.put_text(scope.out.draft.server, "user", directive.argument(0), directive.said());
    if (!directive.argument(1).empty())
        scope.out.put_text(scope.out.draft.server, "group", directive.argument(1),
                           directive.said());
}

void take_pid(const Scope& scope, const Directive& directive) {
    scope.out.not_needed(directive.said(),
                         "commands find bundle by its socket; server.pid_file is for others");
}

struct Row {
    std::string_view name;
    void (*take)(const Scope&, const Directive&);
};

constexpr std::array kRows = std::to_array<Row>({
    {"client_max_body_size",        take_max_body          },
    {"keepalive_timeout",           take_keepalive         },
    {"keepalive_requests",          take_keepalive_requests},
    {"client_header_timeout",       take_header_timeout    },
    {"large_client_header_buffers", take_header_buffers    },
    {"underscores_in_headers",      take_underscores       },
    {"client_body_timeout",         take_body_timeout      },
    {"client_body_buffer_size",     take_body_buffer       },
    {"send_timeout",                take_send_timeout      },
    {"gzip",                        take_gzip              },
    {"gzip_types",                  take_gzip_types        },
    {"gzip_min_length",             take_gzip_length       },
    {"gzip_comp_level",             take_gzip_level        },
    {"brotli",                      take_coding            },
    {"brotli_types",                take_gzip_types        },
    {"brotli_min_length",           take_gzip_length       },
    {"brotli_comp_level",           take_brotli_level      },
    {"zstd",                        take_coding            },
    {"zstd_types",                  take_gzip_types        },
    {"zstd_min_length",             take_gzip_length       },
    {"zstd_comp_level",             take_zstd_level        },
    {"autoindex",                   take_autoindex         },
    {"expires",                     take_expires           },
    {"add_header",                  take_add_header        },
    {"proxy_hide_header",           take_hide_header       },
    {"error_page",                  take_error_page        },
    {"allow",                       take_access            },
    {"deny",                        take_access            },
    {"set_real_ip_from",            take_real_ip_from      },
    {"real_ip_header",              take_real_ip_header    },
    {"proxy_set_header",            take_proxy_header      },
    {"access_log",                  take_access_log        },
    {"error_log",                   take_error_log         },
    {"disable_symlinks",            take_disable_symlinks  },
    {"user",                        take_user              },
    {"pid",                         take_pid               },
});

}  // namespace

void put_size(Import& out, DraftTable& table, std::string_view key, Bytes size, SizeRange range,
              const Said& said) {
    const Bytes within = std::clamp(size, range.least, range.most);
    out.put(table, key, config::toml_string(config::print_size(within)), said);
    if (within != size)
        out.differs(said,
                    fmt::format("{} is at least {}, at most {}", table.option(key),
                                config::print_size(range.least), config::print_size(range.most)));
}

void put_time(Import& out, DraftTable& table, std::string_view key, std::chrono::milliseconds time,
              TimeRange range, const Said& said) {
    const auto within = std::clamp(time, range.least, range.most);
    out.put(table, key, config::toml_string(config::print_duration(within)), said);
    if (within != time)
        out.differs(said, fmt::format("{} is at least {}, at most {}", table.option(key),
                                      config::print_duration(range.least),
                                      config::print_duration(range.most)));
}

void take_in_scope(const Scope& scope, const Directive& directive) {
    const auto row = std::ranges::find(kRows, std::string_view(directive.name), &Row::name);
    if (row != kRows.end()) return row->take(scope, directive);
    if (directive.name.starts_with("auth_") && directive.argument(0) == "off")
        return scope.out.not_needed(directive.said(), "nobody is asked for anything");
    if (const PlainWord* word = find_plain_word(directive.name))
        return scope.out.findings.add(word->fate, directive.said(), std::string(word->why));
    scope.out.not_translated(directive.said(), "bundle does not know it");
}

}  // namespace bundle::imported
