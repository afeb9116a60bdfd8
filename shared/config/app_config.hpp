// What [app.NAME] says. A part of config.hpp.
#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "shared/base/bytes.hpp"

namespace bundle {

using std::chrono::milliseconds;

enum class Retry { Safe, Off };

struct QueueConfig {
    std::uint32_t max = 0;
    milliseconds timeout{};
    std::uint32_t share_per_ip = 0;  // "auto" is resolved
    bool operator==(const QueueConfig&) const = default;
};

enum class Preload { Auto, Yes, No };

inline constexpr std::uint32_t kMostWorkers = 512;  // of one app

// At first `min`, then as many as the queue asks for, up to `max`. A number is both.
struct WorkerRange {
    std::uint32_t min = 0;
    std::uint32_t max = 0;

    constexpr WorkerRange() = default;
    // NOLINTNEXTLINE(google-explicit-constructor): most apps have just a number
    constexpr WorkerRange(std::uint32_t number) : min(number), max(number) {}
    constexpr WorkerRange(std::uint32_t least, std::uint32_t most) : min(least), max(most) {}
    [[nodiscard]] bool varies() const { return min != max; }
    bool operator==(const WorkerRange&) const = default;
};

struct AppConfig {
    std::string name;   // the NAME of [app.NAME]
    std::string wsgi;   // "package.module:callable", "package.module" or "module:factory('x')"
    std::string paste;  // or "production.ini#main", see paste_ini.hpp
    std::map<std::string, std::string> paste_vars;
    std::string directory;
    std::string virtualenv;  // empty: none
    std::vector<std::string> python_path;
    std::map<std::string, std::string> env;
    std::string user;   // empty: the server's
    std::string group;  // empty: the user's own
    std::uint32_t umask = 0;
    WorkerRange workers;        // "auto" is resolved
    std::uint32_t threads = 1;  // requests at a time in one worker
    Preload preload = Preload::Auto;
    bool capture_output = true;
    std::string logconfig;  // a path, or JSON: "{...}"; empty: none
    std::string hooks;      // a module; empty: none
    milliseconds boot_timeout{};
    milliseconds request_timeout{};
    milliseconds slow_after{};  // zero: off
    milliseconds graceful_timeout{};
    std::uint32_t max_requests = 0;         // 0: off
    std::uint32_t max_requests_jitter = 0;  // UINT32_MAX, "auto", is resolved
    milliseconds max_age{};                 // none: off
    Bytes max_rss;                          // none: off
    std::vector<std::string> warmup;        // targets of requests
    std::uint32_t min_ready = 1;
    QueueConfig queue;
    Retry retry = Retry::Safe;
    std::vector<std::string> send_file_roots;  // X-Sendfile may point below these

    // What names the application.
    [[nodiscard]] const std::string& named() const { return paste.empty() ? wsgi : paste; }
    // One more than there are, while it takes the place of another.
    [[nodiscard]] std::uint32_t most_workers() const { return workers.max + 1; }
    bool operator==(const AppConfig&) const = default;
};

}  // namespace bundle
