// What site.toml says, checked and resolved: plain structs that are always valid.
//
// Every value has its default from its option row (options.hpp); paths are absolute; "auto" has
// become a number. `loader.hpp` makes one from text, `printer.hpp` makes text from one, and the
// text that it makes loads to an equal Config: that is how the master hands the configuration to
// its children.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/bytes.hpp"
#include "shared/base/log.hpp"
#include "shared/config/app_config.hpp"
#include "shared/config/dev_config.hpp"

namespace bundle {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct ServerConfig {
    std::string name;
    std::string user;   // empty: unchanged
    std::string group;  // empty: the user's own
    std::uint32_t max_connections = 0;
    std::string run_directory;
    std::string temp_directory;
    Bytes temp_min_free;       // none: off
    Bytes temp_max;            // may be unlimited
    std::string pid_file;      // empty: none
    std::string unknown_host;  // "close", "421", "first", or a host that a site has
    milliseconds drain_delay{};
    milliseconds drain_timeout{};
    milliseconds upgrade_timeout{};
    bool operator==(const ServerConfig&) const = default;
};

struct ListenConfig {
    std::string
        address;  // "HOST:PORT", ":PORT", "[::1]:PORT", "unix:/path", "fd:3", "systemd:NAME"
    std::uint32_t mode = 0;  // of a unix socket
    std::string owner;       // of a unix socket, "USER" or "USER:GROUP"; empty: unchanged
    std::uint32_t backlog = 0;
    bool proxy_protocol = false;  // every connection begins with the PROXY protocol
    bool tls = false;
    std::vector<std::string> protocols;  // offered by ALPN, the first one that the client speaks
    bool is_admin = false;               // that of [admin], and none of [[listen]]
    bool operator==(const ListenConfig&) const = default;
};

enum class ServerHeader { Off, Name, Full };
// What becomes of a field whose name holds "_".
enum class UnderscoreHeaders { Drop, Refuse, Allow };

struct HttpConfig {
    milliseconds keepalive_timeout{};
    std::uint32_t keepalive_requests = 0;
    milliseconds head_timeout{};
    milliseconds body_timeout{};
    Bytes body_min_rate;  // in a second; none: off
    milliseconds send_timeout{};
    Bytes send_min_rate;  // in a second; none: off
    Bytes max_request_line;
    std::uint32_t max_headers = 0;
    Bytes max_header_size;
    Bytes max_head_size;
    Bytes max_body;  // may be unlimited
    Bytes body_memory;
    Bytes response_memory;
    Bytes response_disk;
    UnderscoreHeaders underscore_headers = UnderscoreHeaders::Drop;
    ServerHeader server_header = ServerHeader::Off;
    std::uint32_t max_connections_per_ip = 0;  // UINT32_MAX: unlimited
    bool operator==(const HttpConfig&) const = default;
};

struct CertificateConfig {
    std::string certificate;        // PEM: the certificate, then those between it and its root
    std::string key;                // PEM
    std::string key_password_file;  // empty: the key is not encrypted
    bool operator==(const CertificateConfig&) const = default;
};

// Of a connection that speaks HTTP/2.
struct Http2Config {
    std::uint32_t max_concurrent_streams = 0;
    Bytes stream_window;
    Bytes connection_window;
    Bytes header_table_size;
    std::uint32_t max_resets = 0;
    std::uint32_t max_control_frames = 0;
    std::uint32_t max_continuations = 0;
    bool operator==(const Http2Config&) const = default;
};

enum class UnknownName { Default, Reject };
enum class TlsProfile { Intermediate, Modern, Custom };
enum class TlsVersion { Tls12, Tls13 };
enum class ClientVerify { Off, Optional, Require };

struct TlsConfig {
    std::vector<CertificateConfig> certificates;
    UnknownName unknown_name = UnknownName::Default;
    TlsProfile profile = TlsProfile::Intermediate;
    std::string ciphers;       // TLS 1.2, of profile "custom"; empty: as in "intermediate"
    std::string ciphersuites;  // TLS 1.3, likewise
    std::string groups;        // likewise
    TlsVersion min_version = TlsVersion::Tls12;
    bool session_tickets = true;
    std::string ticket_key_file;  // empty: keys of our own
    milliseconds handshake_timeout{};
    std::string client_ca;  // empty: none
    ClientVerify client_verify = ClientVerify::Off;
    bool operator==(const TlsConfig&) const = default;
};

struct TrustConfig {
    std::vector<std::string> proxies;  // see trusted_peers.hpp; empty: nobody
    std::string client_ip_header;      // "x-forwarded-for", "forwarded", or another
    std::map<std::string, std::string> scheme_headers;  // field -> what it says of an https client
    bool operator==(const TrustConfig&) const = default;
};

// Fields that are added where an answer lacks them.
enum class HeadersPreset { None, Basic, Strict };

struct HeadersConfig {
    HeadersPreset preset = HeadersPreset::None;
    std::map<std::string, std::string> set;
    std::map<std::string, std::string> append;
    std::vector<std::string> remove;
    bool operator==(const HeadersConfig&) const = default;
};

// What can be said of a site, and more closely of one of its routes.
struct ScopeConfig {
    HeadersConfig headers;  // a route's own come on top of the site's
    std::map<std::string, std::string>
        errors;                      // "404" or "5xx" -> file; of a route: the site's too
    std::vector<std::string> allow;  // see access_list.hpp
    std::vector<std::string> deny;
    bool access_log = true;
    bool server_timing = false;  // answers of applications tell how long they took
    // As in HttpConfig.
    UnderscoreHeaders underscore_headers = UnderscoreHeaders::Drop;
    Bytes max_body;
    Bytes body_memory;
    milliseconds body_timeout{};
    Bytes body_min_rate;
    milliseconds send_timeout{};
    Bytes send_min_rate;
    Bytes response_memory;
    Bytes response_disk;
    bool operator==(const ScopeConfig&) const = default;
};

// Whose requests get the next worker first. Words and not numbers: three are enough, and nobody has
// to look up which end is first.
enum class Priority { High, Normal, Low };
inline constexpr std::size_t kPriorities = 3;

enum class Listing { Off, Page, Json };
enum class Symlinks { Beneath, Deny, Follow };

// How the files of a folder are answered.
struct FilesConfig {
    std::string cache_control;  // empty: none, or what expires says
    milliseconds expires{};     // zero: off
    bool immutable = false;     // names with a hash are good for ever
    bool precompressed = false;
    Listing listing = Listing::Off;
    std::uint32_t max_ranges = 16;
    Symlinks symlinks = Symlinks::Beneath;
    bool dotfiles = false;
    bool operator==(const FilesConfig&) const = default;
};

struct CompressionConfig {
    bool on = false;
    std::vector<std::string> codings;  // that we make ourselves, the better ones first
    std::vector<std::string> types;    // "text/html", "text/*"
    Bytes min_size;
    std::uint32_t gzip_level = 1;
    std::uint32_t brotli_level = 0;
    std::uint32_t zstd_level = 1;
    Bytes padding = {};  // of an app's answers, at most; none: off
    bool operator==(const CompressionConfig&) const = default;
};

struct RouteConfig {
    std::string path;                   // "/static/" (prefix by segment), "=/exact" or "*.php"
    std::string directory;              // action: files; empty: none
    std::string app;                    // action: an application; empty: none
    bool internal = false;              // only for X-Accel-Redirect
    milliseconds request_timeout = {};  // zero: the app's
    bool buffering = true;              // the app's answers may wait on disk for their clients
    std::string redirect = {};          // action: see redirect_target.hpp; empty: none
    std::uint32_t status = 0;           // of redirect
    std::uint32_t returned = 0;         // action `return`: a status; 0: none
    std::string body = {};              // of return
    bool status_page = false;           // action
    std::string mount = {};             // SCRIPT_NAME; empty: none
    ScopeConfig scope = {};
    FilesConfig files = {};
    CompressionConfig compression = {};
    std::string fallback = {};  // where there is no file: "app", "404", a path; empty: "404"
    std::uint32_t max_in_flight = UINT32_MAX;  // which is: unlimited
    Priority priority = Priority::Normal;
    bool operator==(const RouteConfig&) const = default;
};

enum class HttpsMode { Off, Redirect };

// Requests that an app would answer are answered 503.
struct MaintenanceConfig {
    bool on = false;
    milliseconds retry_after{};
    std::vector<std::string> allow;  // for whom everything goes on
    bool operator==(const MaintenanceConfig&) const = default;
};

struct SiteConfig {
    std::vector<std::string> hosts;  // "example.com", "*.example.com"; empty: every host
    std::string app;                 // empty: only files
    std::string root;                // empty: none
    std::vector<std::string> index;
    std::string fallback;  // as of a route; empty: "app" with an app, else "404"
    HttpsMode https = HttpsMode::Off;
    milliseconds hsts{};  // zero: off
    bool health = false;  // /-/live and /-/ready
    ClientVerify client_verify = ClientVerify::Off;
    MaintenanceConfig maintenance;
    ScopeConfig scope;
    FilesConfig files;
    CompressionConfig compression;
    std::vector<RouteConfig> routes;
    bool operator==(const SiteConfig&) const = default;
};

struct AccessLogConfig {
    std::string path;                  // "-" stdout, "off", a file, or see log_place.hpp
    std::string format;                // "combined", "json", or see access_format.hpp
    std::vector<std::string> exclude;  // paths, in the words of a route's
    std::vector<std::string> exclude_agents;
    double sample = 1;  // of the others
    bool operator==(const AccessLogConfig&) const = default;
};

enum class LogFormat { Text, Json };

struct LogConfig {
    LogLevel level = LogLevel::Info;
    std::string path;  // "-" stderr, a file, or see log_place.hpp
    LogFormat format = LogFormat::Text;
    AccessLogConfig access;
    bool operator==(const LogConfig&) const = default;
};

// To whom each request is told.
struct StatsdConfig {
    std::string address = "off";  // or see statsd_address.hpp
    std::string prefix;
    std::map<std::string, std::string> tags;
    [[nodiscard]] bool is_on() const { return address != "off"; }
    bool operator==(const StatsdConfig&) const = default;
};

struct MetricsConfig {
    StatsdConfig statsd;
    bool operator==(const MetricsConfig&) const = default;
};

// Where metrics and the status are told.
struct AdminConfig {
    std::string address = "off";     // or as of a listener
    std::vector<std::string> allow;  // see trusted_peers.hpp
    [[nodiscard]] bool is_on() const { return address != "off"; }
    bool operator==(const AdminConfig&) const = default;
};

struct ControlConfig {
    std::string path;
    std::uint32_t mode = 0;
    bool operator==(const ControlConfig&) const = default;
};

struct Config {
    ServerConfig server;
    std::vector<ListenConfig> listen;
    HttpConfig http;
    Http2Config http2;
    TlsConfig tls;
    TrustConfig trust;
    std::vector<AppConfig> apps;
    std::vector<SiteConfig> sites;
    std::map<std::string, std::string> mime;  // by a file's ending, over the built-in table
    LogConfig log;
    ControlConfig control;
    MetricsConfig metrics;
    AdminConfig admin;
    DevConfig dev;

    // Those of [[listen]], then that of [admin].
    [[nodiscard]] std::vector<ListenConfig> all_listeners() const {
        std::vector<ListenConfig> all = listen;
        if (!admin.is_on()) return all;
        ListenConfig& of_admin = all.emplace_back();
        of_admin.address = admin.address;
        of_admin.mode = 0660;
        of_admin.backlog = 64;
        of_admin.is_admin = true;
        return all;
    }
    [[nodiscard]] const AppConfig* find_app(std::string_view name) const {
        for (const AppConfig& app : apps)
            if (app.name == name) return &app;
        return nullptr;
    }
    [[nodiscard]] bool speaks_tls() const {
        return std::any_of(listen.begin(), listen.end(),
                           [](const ListenConfig& listener) { return listener.tls; });
    }
    [[nodiscard]] bool asks_for_client_certificates() const {
        return tls.client_verify != ClientVerify::Off ||
               std::any_of(sites.begin(), sites.end(), [](const SiteConfig& site) {
                   return site.client_verify != ClientVerify::Off;
               });
    }
    bool operator==(const Config&) const = default;
};

}  // namespace bundle
