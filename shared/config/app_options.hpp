// The options of an [app.NAME]. A part of options.hpp.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <tuple>

#include "shared/config/config.hpp"
#include "shared/config/option/option.hpp"
#include "shared/config/option/path_or_json.hpp"
#include "shared/config/option/text_checks.hpp"

namespace bundle::config {

using namespace std::chrono_literals;

inline constexpr Bytes kMostOnDisk = {1ULL << 60};
inline constexpr std::uint32_t kAutoJitter = UINT32_MAX;  // until the loader has max_requests
inline constexpr std::array<std::string_view, 3> kPreloadWords = {"auto", "true", "false"};
inline constexpr std::array<std::string_view, 2> kRetryWords = {"safe", "off"};

inline constexpr std::tuple kQueueOptions{
    option("max", &QueueConfig::max, 512, {1, 1'000'000},
           "Requests that wait for a worker. One more is answered 503."),
    option("timeout", &QueueConfig::timeout, 10s, {100ms, 1h},
           "Time a request waits for a worker; then it is answered 503."),
    option("share_per_ip", &QueueConfig::share_per_ip,
           AutoCount("a quarter of max", {1, 1'000'000}),
           "Places of a full queue that one client address, of IPv6 its /64, may hold while others "
           "find none: the newest request of one that holds more is answered 503 and makes way. "
           "Behind trusted proxies the client that they name counts; clients of a unix socket, and "
           "requests of a proxy that names nobody, do not."),
};

inline constexpr std::tuple kAppOptions{
    option("wsgi", &AppConfig::wsgi,
           Line({.empty = "none, and then paste is needed", .check = check_wsgi}),
           "The application: \"package.module:callable\", a module that has an \"application\" or "
           "\"app\", or a "
           "call with literals such as \"shop:create_app('prod', debug=False)\"."),
    option("paste", &AppConfig::paste, Line({.empty = "none", .check = check_paste}),
           "In place of wsgi: the ini file of Paste Deploy that says what the application is, and "
           "the name of its section where that is not main: \"production.ini#main\". A relative "
           "path begins at directory. When the file has [loggers] and there is no logconfig, they "
           "are set up as it says. The package PasteDeploy has to be where the app's packages "
           "are."),
    option("paste_vars", &AppConfig::paste_vars, TextTable(),
           "What the ini file of paste may use beyond its own [DEFAULT], as %(NAME)s."),
    option("directory", &AppConfig::directory, Path({.empty = "the folder of the file"}),
           "Working directory, and the first place where modules are looked for."),
    option("virtualenv", &AppConfig::virtualenv, Path({.empty = "none"}),
           "The virtual environment whose packages the app uses."),
    option("python_path", &AppConfig::python_path, PathList(),
           "Further places where modules are looked for, before the installed ones."),
    option("env", &AppConfig::env, TextTable(), "Environment variables of the app's processes."),
    option("user", &AppConfig::user, Line({.empty = "the server's"}),
           "The user that the app runs as. Only root can change it."),
    option("group", &AppConfig::group, Line({.empty = "the user's own"}),
           "The group that goes with user."),
    option("umask", &AppConfig::umask, Mode(022),
           "Permissions that files made by the app do not get."),
    option("workers", &AppConfig::workers, WorkerCount("2 x cores + 1"),
           "Processes that serve requests, one at a time each. Cores are those that we may use, a "
           "container's quota included. When the environment has WEB_CONCURRENCY, that is the "
           "default. With { min = 2, max = 8 } there are more when requests wait for longer than a "
           "hundredth of queue.timeout, and one less each time that some had nothing to do for "
           "three times as long as it."),
    option("threads", &AppConfig::threads, 1, {1, 256},
           "Requests at a time in one worker, each in a thread of its own. With more than one the "
           "application has to be safe for threads (wsgi.multithread is true). They help where "
           "requests wait for databases and other services; Python runs in one of them at a "
           "time."),
    option(
        "preload", &AppConfig::preload, Word(Preload::Auto, kPreloadWords),
        "Whether the app is imported once, before its workers are forked: they start at once and "
        "share its memory. \"auto\" does so unless the import leaves threads or open sockets "
        "behind, which do not survive a fork: then it says so, and each worker imports it."),
    option("capture_output", &AppConfig::capture_output, Flag(true),
           "Whether each line that the app prints becomes a record of the error log, with its "
           "worker and the id of its request. Otherwise it goes there as it is."),
    option("logconfig", &AppConfig::logconfig, PathOrJson("none"),
           "How Python's loggers are set up, before the app is imported and in each worker: a file "
           "of logging.config, the dictionary for it as .json or .toml, or that dictionary as a "
           "table here. version is 1 and disable_existing_loggers false unless it says otherwise."),
    option("hooks", &AppConfig::hooks, Line({.empty = "none"}),
           "A module with functions that are called at certain moments, named as gunicorn's server "
           "hooks: on_starting, on_reload, when_ready, nworkers_changed, pre_fork, post_fork, "
           "post_worker_init, pre_request, post_request, worker_int, worker_abort, worker_exit, "
           "child_exit, on_exit."),
    option("boot_timeout", &AppConfig::boot_timeout, 60s, {100ms, 24h},
           "Time that the import of the app may take, and the boot of a worker. Then the log shows "
           "where it stands, and it is killed."),
    option("request_timeout", &AppConfig::request_timeout, 30s, {1s, 24h},
           "Time a worker has for a request, from the moment it gets it to the last byte of its "
           "answer. Then the client is answered 504, the log shows where each thread of the worker "
           "stands, and the worker is killed and replaced. bundle.extend_deadline(seconds) in the "
           "environ gives a request more."),
    option("slow_after", &AppConfig::slow_after, DurationOr({.fallback = 3s}, {100ms, 24h}),
           "When a request takes longer than this, the log shows once where each thread of its "
           "worker stands, and the request goes on."),
    option("graceful_timeout", &AppConfig::graceful_timeout, 30s, {0s, 24h},
           "Time a worker has to leave: to finish its request when bundle stops, and to end its "
           "threads; then it is killed. After a reload, and when there are to be fewer workers, a "
           "request that runs keeps its request_timeout."),
    option(
        "max_requests", &AppConfig::max_requests, CountOr("off", 0, {1, 1'000'000'000}),
        "A worker that has answered so many requests is replaced: another one boots, and then it "
        "ends what it has and leaves. One worker of an app at a time; no request is lost."),
    option("max_requests_jitter", &AppConfig::max_requests_jitter,
           CountOr("auto", kAutoJitter, {0, 1'000'000'000}),
           "Up to so many requests more, at random for each worker; \"auto\" is a tenth of "
           "max_requests."),
    option("max_age", &AppConfig::max_age, DurationOr({}, {1s, 8760h}),
           "A worker that is so old is replaced likewise."),
    option(
        "max_rss", &AppConfig::max_rss, SizeOrOff({}, {1_MiB, kMostOnDisk}),
        "A worker that holds more memory is replaced likewise: its private memory, and its share "
        "of what it has in common with others. It is looked at every two seconds."),
    option(
        "warmup", &AppConfig::warmup, LineList({}, check_warmup),
        "Paths that a new worker GETs from the app before it takes requests. One that is answered "
        "500 or above keeps the worker from booting."),
    option("min_ready", &AppConfig::min_ready, 1, {1, 512},
           "Workers that must be connected before bundle is ready, at most as many as there are."),
    option("retry", &AppConfig::retry, Word(Retry::Safe, kRetryWords),
           "Whether a GET, HEAD or OPTIONS whose worker died is tried once more on another."),
    option("send_file_roots", &AppConfig::send_file_roots, PathList(),
           "Folders below which the app may name a file in X-Sendfile, which the front then sends "
           "in place of the app's body. It has to be readable for server.user."),
    table("queue", &AppConfig::queue, kQueueOptions,
          "Requests that wait for a worker of this app."),
};

}  // namespace bundle::config
