#include "frontend/request/limit.hpp"

#include <fmt/format.h>

#include <array>
#include <type_traits>

#include "shared/config/units.hpp"

namespace bundle {

namespace {

using config::print_duration;
using config::print_size;

struct Row {
    Limit limit;
    std::string_view what;    // ends in front of the option's name
    std::string_view option;  // after "app.NAME." for an application's
    std::string (*value)(const Config& config, const AppConfig* app);
};

template <auto member>
std::string of_http(const Config& config, const AppConfig*) {
    const auto value = config.http.*member;
    if constexpr (std::is_same_v<decltype(value), const Bytes>)
        return print_size(value);
    else if constexpr (std::is_same_v<decltype(value), const milliseconds>)
        return print_duration(value);
    else
        return std::to_string(value);
}
template <auto member>
std::string of_http2(const Config& config, const AppConfig*) {
    return std::to_string(config.http2.*member);
}
template <auto rate>
std::string rate_of_http(const Config& config, const AppConfig*) {
    return print_size(config.http.*rate) + "/s";
}
template <auto member>
std::string of_server(const Config& config, const AppConfig*) {
    return print_size(config.server.*member);
}
std::string handshake_timeout(const Config& config, const AppConfig*) {
    return print_duration(config.tls.handshake_timeout);
}
std::string queue_max(const Config&, const AppConfig* app) {
    return std::to_string(app->queue.max);
}
std::string queue_share(const Config&, const AppConfig* app) {
    return std::to_string(app->queue.share_per_ip);
}
std::string queue_timeout(const Config&, const AppConfig* app) {
    return print_duration(app->queue.timeout);
}

// clang-format off
constexpr std::array<Row, kLimitCount> kRows = {{
    {Limit::None,             "",                                         "",                            nullptr},
    {Limit::RequestLine,      "request line longer than",                 "http.max_request_line",       of_http<&HttpConfig::max_request_line>},
    {Limit::HeadSize,         "head larger than",                         "http.max_head_size",          of_http<&HttpConfig::max_head_size>},
    {Limit::HeaderSize,       "field longer than",                        "http.max_header_size",        of_http<&HttpConfig::max_header_size>},
    {Limit::FieldCount,       "more fields than",                         "http.max_headers",            of_http<&HttpConfig::max_headers>},
    {Limit::HeadTimeout,      "head not complete within",                 "http.head_timeout",           of_http<&HttpConfig::head_timeout>},
    {Limit::Body,             "body larger than",                         "http.max_body",               of_http<&HttpConfig::max_body>},
    {Limit::BodyTimeout,      "silent in its body for longer than",       "http.body_timeout",           of_http<&HttpConfig::body_timeout>},
    {Limit::BodyMinRate,      "sends its body more slowly than",          "http.body_min_rate",          rate_of_http<&HttpConfig::body_min_rate>},
    {Limit::TempMinFree,      "its body would leave less disk than",      "server.temp_min_free",        of_server<&ServerConfig::temp_min_free>},
    {Limit::TempMax,          "with its body, more is spooled than",      "server.temp_max",             of_server<&ServerConfig::temp_max>},
    {Limit::QueueMax,         "more requests wait than",                  "queue.max",                   queue_max},
    {Limit::QueueTimeout,     "waited for a worker for longer than",      "queue.timeout",               queue_timeout},
    {Limit::QueueShare,       "holds more of a full queue than",          "queue.share_per_ip",          queue_share},
    {Limit::SendTimeout,      "took nothing of its answer for",           "http.send_timeout",           of_http<&HttpConfig::send_timeout>},
    {Limit::SendMinRate,      "takes its answer more slowly than",        "http.send_min_rate",          rate_of_http<&HttpConfig::send_min_rate>},
    {Limit::ConnectionsPerIp, "more connections than",                    "http.max_connections_per_ip", of_http<&HttpConfig::max_connections_per_ip>},
    {Limit::HandshakeTimeout, "TLS handshake not complete within",        "tls.handshake_timeout",       handshake_timeout},
    {Limit::Http2Streams,       "more requests at a time than",             "http2.max_concurrent_streams", of_http2<&Http2Config::max_concurrent_streams>},
    {Limit::Http2Resets,        "resets more streams in 10s than",          "http2.max_resets",            of_http2<&Http2Config::max_resets>},
    {Limit::Http2ControlFrames, "more frames without a request in 10s than", "http2.max_control_frames",   of_http2<&Http2Config::max_control_frames>},
    {Limit::Http2Continuations, "head in more CONTINUATION frames than",    "http2.max_continuations",     of_http2<&Http2Config::max_continuations>},
}};
// clang-format on

const Row& row_of(Limit limit) { return kRows[static_cast<std::size_t>(limit)]; }

}  // namespace

std::string limit_text(Limit limit, const Config& config, const AppConfig* app,
                       const HttpConfig* here) {
    const Row& row = row_of(limit);
    if (constexpr std::string_view kHttp = "http.";
        here != nullptr && row.option.starts_with(kHttp)) {
        Config of_here;
        of_here.http = *here;
        const std::string value = row.value(of_here, app);
        if (value != row.value(config, app))
            return fmt::format("{} {} ({}) of its site or route", row.what,
                               row.option.substr(kHttp.size()), value);
    }
    const std::string owner = app != nullptr ? "app." + app->name + "." : "";
    return fmt::format("{} {}{} ({})", row.what, owner, row.option, row.value(config, app));
}

std::string_view limit_option(Limit limit) { return row_of(limit).option; }

}  // namespace bundle
