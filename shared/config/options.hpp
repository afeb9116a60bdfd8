// Every option there is: its name, where it is kept, its default, what it may be, and what it is
// for.
//
// A row is all that an option needs: reader, printer, reference.md, schema.json and the messages
// follow it. A key whose feature does not exist has no row: it is unknown, never silently accepted.
#pragma once
#include <array>
#include <chrono>
#include <string_view>
#include <tuple>

#include "shared/config/app_options.hpp"
#include "shared/config/config.hpp"
#include "shared/config/dev_options.hpp"
#include "shared/config/file_options.hpp"
#include "shared/config/http2_options.hpp"
#include "shared/config/log_options.hpp"
#include "shared/config/option/inherited.hpp"
#include "shared/config/option/option.hpp"
#include "shared/config/option/routing_checks.hpp"
#include "shared/config/option/text_checks.hpp"
#include "shared/config/scope_options.hpp"
#include "shared/config/statsd_address.hpp"
#include "shared/config/tls_options.hpp"

namespace bundle::config {

using namespace std::chrono_literals;

inline constexpr std::array<std::string_view, 1> kIndexFiles = {"index.html"};
inline constexpr std::array<std::string_view, 1> kLoopback = {"loopback"};
inline constexpr std::array<std::string_view, 3> kServerHeaderWords = {"off", "name", "full"};
inline constexpr std::array<TextTable::Entry, 1> kSchemeHeaders = {
    {{"x-forwarded-proto", "https"}}};
inline constexpr std::array<std::string_view, 2> kHttpsWords = {"off", "redirect"};
inline constexpr std::array<std::string_view, 3> kPriorityWords = {"high", "normal", "low"};

inline constexpr std::tuple kServerOptions{
    option("name", &ServerConfig::name, Line({.fallback = "bundle"}), "Stands in process titles."),
    option("user", &ServerConfig::user, Line({.empty = "unchanged"}),
           "The user that the front and, unless it has its own, each app runs as. Only root can "
           "change it."),
    option("group", &ServerConfig::group, Line({.empty = "the user's own"}),
           "The group that goes with user."),
    option(
        "max_connections", &ServerConfig::max_connections, 65536, {1, 1'000'000},
        "Connections of clients at a time. At the limit those that wait for a request are closed, "
        "the longest idle first; then new ones wait in the listeners' backlogs. It is lowered "
        "at start, with a warning, when the limit of open files (ulimit -n, LimitNOFILE=) "
        "allows fewer."),
    option("run_directory", &ServerConfig::run_directory,
           Path({.empty = "/run/bundle as root, else a folder of the user's for this file"}),
           "Holds the sockets by which the processes of one bundle talk. Without root it is "
           "$XDG_RUNTIME_DIR/bundle-ID, or bundle-UID-ID in $TMPDIR or /tmp; ID comes from the "
           "path of the file, "
           "so that two bundles of one user do not meet."),
    option("temp_directory", &ServerConfig::temp_directory, Path({.fallback = "/var/tmp"}),
           "Where request and answer bodies go that are too large for memory. The files have no "
           "name."),
    option("temp_min_free", &ServerConfig::temp_min_free, SizeOrOff(64_MiB, {1_KiB, kMostOnDisk}),
           "Space that is left free on the file system of temp_directory. With less, a request "
           "whose body does not fit in memory is answered 507, and a worker whose answer does not "
           "has to wait for its client."),
    option("temp_max", &ServerConfig::temp_max, kUnlimited, {0_B, kUnlimited},
           "As much may lie in temp_directory at a time; beyond it, the same happens as below "
           "temp_min_free."),
    option("pid_file", &ServerConfig::pid_file, Path({.empty = "none"}),
           "Written at start with the process number of the master."),
    option(
        "unknown_host", &ServerConfig::unknown_host,
        Line({.empty = "\"close\" when any site lists hosts, else \"first\""}),
        "What becomes of a request for a host that no site lists, or for none at all (HTTP/1.0): "
        "\"close\" ends the connection without an answer, \"421\" says that it went to the wrong "
        "server, \"first\" and a host of a site lead to the first site or to that one."),
    option("drain_delay", &ServerConfig::drain_delay, 0s, {0s, 1h},
           "Time that bundle serves on after it was told to stop and is not ready any more: what a "
           "load balancer needs to send no more requests here."),
    option(
        "drain_timeout", &ServerConfig::drain_timeout, 30s, {0s, 24h},
        "Time that requests have to finish when bundle stops gracefully; then they are cut off."),
    option("upgrade_timeout", &ServerConfig::upgrade_timeout, 1h, {1s, 24h},
           "Time that clients of the front before an upgrade have to get what they asked for, a "
           "long download for example; then they are cut off."),
};

inline constexpr std::tuple kListenOptions{
    option("address", &ListenConfig::address, Address("127.0.0.1:8000"),
           "\"HOST:PORT\", \":PORT\" (every address of both families), \"[::1]:PORT\", "
           "\"unix:/path\", \"fd:3\" or "
           "\"systemd:NAME\". Port 0 lets the kernel choose. When the environment has PORT, the "
           "default is "
           "\"0.0.0.0:$PORT\"."),
    option("mode", &ListenConfig::mode, Mode(0660), "Permissions of a unix socket."),
    option("owner", &ListenConfig::owner, Line({.empty = "unchanged"}),
           "Owner of a unix socket: \"USER\" or \"USER:GROUP\"."),
    option("backlog", &ListenConfig::backlog, 4096, {1, 65535},
           "Connections that wait to be accepted. The kernel cuts it to net.core.somaxconn."),
    option(
        "proxy_protocol", &ListenConfig::proxy_protocol, Flag(false),
        "Every connection begins with the PROXY protocol, version 1 or 2, which names its client. "
        "Only peers in trust.proxies are let in, and only with it."),
    option("tls", &ListenConfig::tls, Flag(false),
           "Clients speak TLS, with the certificates of [[tls.certificate]]."),
    option("protocols", &ListenConfig::protocols,
           Inherited(LineList({}, check_protocol),
                     "[\"h2\", \"http/1.1\"] with tls, else [\"http/1.1\"]"),
           "What is spoken here, and offered to clients of TLS (ALPN), the most wanted first. "
           "\"h2\" is HTTP/2; without tls only peers in trust.proxies may speak it, and begin "
           "with it (prior knowledge)."),
};

inline constexpr std::tuple kHttpOptions{
    option("keepalive_timeout", &HttpConfig::keepalive_timeout, 75s, {100ms, 24h},
           "Time a connection may be idle between two requests; then it is closed."),
    option("keepalive_requests", &HttpConfig::keepalive_requests, 1000, {1, 1'000'000'000},
           "Requests on one connection; then it is closed. 1 turns keep-alive off."),
    option("head_timeout", &HttpConfig::head_timeout, 15s, {100ms, 10min},
           "Time a client has to send a whole request head; then it is answered 408."),
    option("body_timeout", &HttpConfig::body_timeout, kBodyTimeout,
           "Time a client may stay silent within a request body; then it is answered 408."),
    option("body_min_rate", &HttpConfig::body_min_rate, kMinRate,
           "Bytes of a request body that a client has to send in a second, averaged over a minute "
           "and from the tenth second on; a slower one is answered 408."),
    option("send_timeout", &HttpConfig::send_timeout, kSendTimeout,
           "Time a client may take nothing of an answer; then the connection is closed."),
    option("send_min_rate", &HttpConfig::send_min_rate, kMinRate,
           "Bytes of an answer that a client has to take in a second, averaged likewise; the "
           "connection of a slower one is closed. Time that the application takes does not count."),
    option("max_request_line", &HttpConfig::max_request_line, 8_KiB, {256_B, 1_MiB},
           "A longer request line is answered 414."),
    option("max_headers", &HttpConfig::max_headers, 100, {8, 10'000},
           "A request with more header fields is answered 431."),
    option("max_header_size", &HttpConfig::max_header_size, 8_KiB, {256_B, 1_MiB},
           "A longer header field is answered 431."),
    option("max_head_size", &HttpConfig::max_head_size, 64_KiB, {1_KiB, 1_MiB},
           "A longer request head, request line included, is answered 431."),
    option("max_body", &HttpConfig::max_body, kMaxBody,
           "A request with a larger body is answered 413."),
    option(
        "body_memory", &HttpConfig::body_memory, kBodyMemory,
        "As much of a request body is kept in memory; a larger one goes to server.temp_directory."),
    option(
        "response_memory", &HttpConfig::response_memory, kResponseMemory,
        "As much of an answer waits in memory for its client; more goes to server.temp_directory."),
    option("response_disk", &HttpConfig::response_disk, kResponseDisk,
           "As much of an answer waits on disk for its client; then the worker has to wait too."),
    option("underscore_headers", &HttpConfig::underscore_headers,
           Word(UnderscoreHeaders::Drop, kUnderscoreWords),
           "A field whose name has \"_\" is not passed on, or the request is answered 400, or the "
           "field is passed on unless the environ would take its name for that of another field."),
    option("server_header", &HttpConfig::server_header, Word(ServerHeader::Off, kServerHeaderWords),
           "The Server field of answers: none, \"bundle\", or with the version."),
    option(
        "max_connections_per_ip", &HttpConfig::max_connections_per_ip,
        CountOrUnlimited({1, 1'000'000}),
        "Connections of one address at a time, of an IPv6 client's /64; one more is answered 503 "
        "and closed. Clients of a unix socket are not counted."),
};

inline constexpr std::tuple kTrustOptions{
    option(
        "proxies", &TrustConfig::proxies, LineList({}, check_trusted_peers),
        "Peers that may tell who the client is: addresses, networks such as \"10.0.0.0/8\", "
        "\"private\" (RFC 1918 and fc00::/7), \"loopback\", \"unix\" (whoever connects to a unix "
        "socket), or \"*\" (everyone; only where nobody but the proxy can connect). When the "
        "environment has FORWARDED_ALLOW_IPS, that list is the default."),
    option("client_ip_header", &TrustConfig::client_ip_header,
           Line({.fallback = "x-forwarded-for", .check = check_field_name}),
           "The field by which trusted proxies name the client. In \"x-forwarded-for\" and "
           "\"forwarded\" (RFC 7239) it is the last address that no trusted proxy has; any other "
           "field, such as \"x-real-ip\" or \"cf-connecting-ip\", holds one address."),
    option(
        "scheme_headers", &TrustConfig::scheme_headers, TextTable(kSchemeHeaders),
        "Fields by which trusted proxies tell the client's scheme, and what each says when that is "
        "https. A request in which they disagree is answered 400."),
};

inline constexpr std::tuple kRouteOptions{
    option("path", &RouteConfig::path, Line({.check = check_route_path, .required = true}),
           "\"/static/\" is a prefix by segment, \"=/robots.txt\" exactly that path, \"*.php\" a "
           "pattern: \"?\" is a byte and \"*\" any number of them, but \"/\" only for \"**\"; it "
           "is for "
           "the last segment, or for the whole path when it begins with \"/\". An exact path comes "
           "first, then the longest prefix, then the first pattern. Paths are compared decoded."),
    option("directory", &RouteConfig::directory, Path({.empty = "none"}),
           "Answers with files: what follows the prefix is looked up below this folder."),
    option("app", &RouteConfig::app, Line({.empty = "none"}), "Answers with this application."),
    option("redirect", &RouteConfig::redirect, Line({.empty = "none", .check = check_redirect}),
           "Leads to another address: \"https://www.example.com$request_uri\", \"/new/$rest\". "
           "$rest is "
           "what follows the prefix, $path the whole path, $query the query with its \"?\", "
           "$request_uri "
           "both; there are $scheme and $host (without port), and \"$$\" is a \"$\"."),
    option("status", &RouteConfig::status, 301, {301, 308},
           "Of redirect: 301, 302, 303, 307 or 308."),
    option("return", &RouteConfig::returned, CountOr("none", 0, {200, 599}),
           "Answers with this status. From 400 on it comes with the error page, or with body; 444 "
           "closes "
           "the connection without an answer."),
    option("body", &RouteConfig::body, Lines("none"),
           "Of return. Its Content-Type is that of the path's extension, else HTML, JSON or plain "
           "text "
           "by its first byte."),
    option("status_page", &RouteConfig::status_page, Flag(false),
           "Answers with the status page of [admin] and its metrics, below a path such as "
           "\"/ops/\". Whoever may ask there sees requests and clients: write allow."),
    option("mount", &RouteConfig::mount, Line({.empty = "none", .check = check_mount}),
           "This much of the path is the SCRIPT_NAME of the app and not in its PATH_INFO: "
           "\"/shop\" for "
           "an app that does not know that it stands below /shop."),
    option("fallback", &RouteConfig::fallback, Line({.empty = "\"404\"", .check = check_fallback}),
           "Of directory, where there is no such file: \"404\", \"app\" (the site's), or a file "
           "below it, "
           "such as \"/index.html\" of a single-page application."),
    option("internal", &RouteConfig::internal, Flag(false),
           "Clients are answered 404 here: only an app leads to it, by X-Accel-Redirect."),
    option("request_timeout", &RouteConfig::request_timeout,
           DurationOr({.word = "", .left_out = "the app's"}, {1s, 24h}),
           "The same as app.NAME.request_timeout, for requests of this route."),
    option("buffering", &RouteConfig::buffering, Flag(true),
           "Whether an answer of the app that its client is slow to take goes on to disk, which "
           "frees the worker. Otherwise the worker waits as soon as http.response_memory is full. "
           "Bytes go out as they come either way. X-Accel-Buffering: no says the same for one "
           "answer."),
    option("max_in_flight", &RouteConfig::max_in_flight, CountOrUnlimited({1, 100'000}),
           "Requests of this route that are at workers at a time. Further ones wait in the app's "
           "queue, and others pass them."),
    option("priority", &RouteConfig::priority, Word(Priority::Normal, kPriorityWords),
           "Which requests get the next worker first. \"high\" goes before what has waited for up "
           "to a third of queue.timeout longer, \"low\" behind what has come up to a third later: "
           "it waits longer, but not for ever."),
    inlined(&RouteConfig::scope, kScopeOptions),
    inlined(&RouteConfig::files, kFilesOptions),
    inlined(&RouteConfig::compression, kCompressionOptions),
};

inline constexpr std::tuple kSiteOptions{
    option("hosts", &SiteConfig::hosts, LineList({}, check_host),
           "The hosts that this site is for: \"example.com\", or \"*.example.com\" for every name "
           "below "
           "it. An exact name comes first, then the longest wildcard. Without any, the site is for "
           "every "
           "host that no other site lists."),
    option("app", &SiteConfig::app, NameOrOff("the only app"),
           "The application that answers what no file does; \"off\": files only."),
    option("root", &SiteConfig::root, Path({.empty = "none"}),
           "A request is answered with a file below this folder if there is one, else by the app."),
    option("index", &SiteConfig::index, LineList(kIndexFiles, check_file_name),
           "The file that answers for a folder: the first of these that exists."),
    option("fallback", &SiteConfig::fallback,
           Line({.empty = "\"app\", or \"404\" without an app", .check = check_fallback}),
           "Of root, where there is no such file: \"app\", \"404\", or a file below root."),
    option(
        "https", &SiteConfig::https, Word(HttpsMode::Off, kHttpsWords),
        "\"redirect\" leads a request that came by http to the same address by https: 301 for GET "
        "and HEAD, 308 for others. What lies below /.well-known/acme-challenge/ is answered as it "
        "is, so that certificates can be renewed."),
    option("hsts", &SiteConfig::hsts, DurationOr({}, {1s, 24h * 3650}),
           "Answers by https say for how long browsers come by https only "
           "(Strict-Transport-Security)."),
    option(
        "health", &SiteConfig::health, Flag(false),
        "Whether load balancers may ask here: /-/live is answered 200 as long as the front turns; "
        "/-/ready likewise, but 503 with the reason while an app has fewer than min_ready workers "
        "or no room in its queue, and from the moment when bundle is told to stop. Neither waits "
        "for a worker."),
    option("client_verify", &SiteConfig::client_verify,
           Inherited(Word(ClientVerify::Off, kClientVerifyWords), "tls.client_verify"),
           "As tls.client_verify, for clients of TLS who ask for a host of this site. A request "
           "that comes over a connection for another host, of which less was asked, is answered "
           "421."),
    inlined(&SiteConfig::scope, kScopeOptions),
    inlined(&SiteConfig::files, kFilesOptions),
    inlined(&SiteConfig::compression, kCompressionOptions),
    table("maintenance", &SiteConfig::maintenance, kMaintenanceOptions,
          "While something is being changed."),
    tables("route", &SiteConfig::routes, kRouteOptions,
           "A path with an answer of its own (one of directory, app, redirect, "
           "return and status_page), or with "
           "options "
           "of its own for what the site answers."),
};

inline constexpr std::tuple kStatsdOptions{
    option("address", &StatsdConfig::address,
           Line({.fallback = "off", .check = check_statsd_address}),
           "Where statsD listens: \"127.0.0.1:8125\" (UDP), \"unix:/path\" (datagrams), or "
           "\"off\"."),
    option("prefix", &StatsdConfig::prefix, Line({.empty = "none"}),
           "Stands before every name, with a dot between them."),
    option("tags", &StatsdConfig::tags, TextTable(),
           "Behind every metric, in the form of DogStatsD: { env = \"production\" }."),
};

inline constexpr std::tuple kMetricsOptions{
    table("statsd", &MetricsConfig::statsd, kStatsdOptions,
          "Each request is told to statsD, by gunicorn's names."),
};

inline constexpr std::tuple kAdminOptions{
    option("address", &AdminConfig::address, Address("off", "off"),
           "Where /metrics (for Prometheus), /status, /live and /ready are told, and nothing else: "
           "\"127.0.0.1:9000\", \"unix:/path\". No client of a site can ask for them."),
    option(
        "allow", &AdminConfig::allow, LineList(kLoopback, check_trusted_peers),
        "Who may ask, in the words of trust.proxies; everybody else is answered 403. Whoever may "
        "connect to a unix socket may ask."),
};

inline constexpr std::tuple kControlOptions{
    option("path", &ControlConfig::path, Path({.empty = "control.sock in server.run_directory"}),
           "The socket by which the commands (bundle reload, stop, ...) talk to a running bundle."),
    option("mode", &ControlConfig::mode, Mode(0600),
           "Its permissions: whoever may write to it commands this bundle."),
};

inline constexpr std::tuple kConfigOptions{
    table("server", &Config::server, kServerOptions, "The whole of this bundle."),
    tables("listen", &Config::listen, kListenOptions,
           "Where clients connect. Without any there is one with the defaults."),
    table("http", &Config::http, kHttpOptions, "What clients may do, and for how long."),
    table("http2", &Config::http2, kHttp2Options,
          "What clients may do over a connection of HTTP/2, beside [http]."),
    table("tls", &Config::tls, kTlsOptions, "How listeners with tls = true speak it."),
    table("trust", &Config::trust, kTrustOptions,
          "Proxies before this bundle, and how they tell who the client is."),
    tables("app", &Config::apps, &AppConfig::name, kAppOptions,
           "A WSGI application and its workers. NAME is its name everywhere else."),
    tables("site", &Config::sites, kSiteOptions,
           "What is served. Without any there is one, for every host, with the only app."),
    option("mime", &Config::mime, TextTable(),
           "Content types by the ending of a file's name, over the built-in ones: { glb = "
           "\"model/gltf-binary\" }."),
    table("log", &Config::log, kLogOptions, "The error log."),
    table("metrics", &Config::metrics, kMetricsOptions, "What is sent without being asked for."),
    table("admin", &Config::admin, kAdminOptions, "What operators and their tools ask."),
    table("control", &Config::control, kControlOptions, "Commands to a running bundle."),
    table("dev", &Config::dev, kDevOptions, "While an application is written."),
};

}  // namespace bundle::config
