// Nanoseconds of the steps that a request takes in the front besides sockets: best of several
// rounds.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "frontend/files/file_root.hpp"
#include "frontend/files/open_file_cache.hpp"
#include "frontend/files/static_file.hpp"
#include "frontend/observe/access_log.hpp"
#include "frontend/observe/counters.hpp"
#include "frontend/observe/request_id.hpp"
#include "frontend/route/error_page.hpp"
#include "frontend/route/router.hpp"

namespace bundle {
namespace {

using Clock = std::chrono::steady_clock;

// Of this thread: others on the machine do not count.
double cpu_nanoseconds() {
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) * 1e9 + static_cast<double>(used.tv_nsec);
}

template <typename Value>
void keep(const Value& value) {
    asm volatile("" : : "g"(&value) : "memory");
}

template <typename Step>
void measure(const char* name, Step step) {
    constexpr int kRounds = 7;
    constexpr int kSteps = 50'000;
    double best = 1e9;
    for (int round = 0; round < kRounds; ++round) {
        const double begin = cpu_nanoseconds();
        for (int i = 0; i < kSteps; ++i) step();
        best = std::min(best, (cpu_nanoseconds() - begin) / kSteps);
    }
    fmt::print("{:>8.0f} ns  {}\n", best, name);
}

// What a browser sends.
Headers browser_fields() {
    return {
        {"host",            "example.com"                                                           },
        {"user-agent",      "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"},
        {"accept",          "text/css,*/*;q=0.1"                                                    },
        {"accept-language", "en-US,en;q=0.5"                                                        },
        {"accept-encoding", "gzip, deflate, br"                                                     },
        {"referer",         "https://example.com/"                                                  },
        {"connection",      "keep-alive"                                                            },
        {"cookie",          "sessionid=0123456789abcdef0123456789abcdef"                            },
        {"sec-fetch-dest",  "style"                                                                 },
        {"sec-fetch-mode",  "no-cors"                                                               }
    };
}

void measure_files(const FileRoot& root) {
    OpenFileCache cache;
    RequestHead head;
    head.method = "GET";
    head.path = "/static/css/site.css";
    head.fields = browser_fields();
    const auto now = Clock::now();
    const auto ask = [&](std::string_view path) {
        return answer_from_file(cache, {.root = root, .path = path, .head = head}, now);
    };
    const std::string etag(ask("/css/site.css")->fields[1].value);

    measure("file of 1 KB from the cache", [&] { keep(ask("/css/site.css")); });
    measure("large file from the cache", [&] { keep(ask("/large")); });
    measure("no such file", [&] { keep(ask("/none/such")); });
    measure("file of 1 KB, cache empty", [&] {
        cache = OpenFileCache();
        keep(ask("/css/site.css"));
    });
    head.fields.push_back({"if-none-match", etag});
    measure("304 from the cache", [&] { keep(ask("/css/site.css")); });
    head.fields.back() = {"range", "bytes=0-99"};
    measure("206 from the cache", [&] { keep(ask("/css/site.css")); });
}

void measure_router(const std::string& root) {
    Config config;
    config.apps.emplace_back().name = "main";
    SiteConfig& site = config.sites.emplace_back();
    site.app = "main";
    site.routes = {
        {.path = "/static/",      .directory = root, .app = ""},
        {.path = "/media/",       .directory = root, .app = ""},
        {.path = "=/favicon.ico", .directory = root, .app = ""}
    };
    const auto router = Router::create(config);
    measure("route", [&] { keep(router->match("example.com", "/accounts/login/")); });

    site.hosts = {"example.com", "*.example.com"};
    for (int i = 0; i < 100; ++i) {
        site.hosts.push_back("shop" + std::to_string(i) + ".example.net");
        site.routes.push_back(
            {.path = "/part" + std::to_string(i) + "/", .directory = "", .app = "main"});
        site.routes.push_back(
            {.path = "*.end" + std::to_string(i), .directory = "", .app = "", .returned = 404});
    }
    const auto large = Router::create(config);
    measure("route of a wildcard's host, 100 hosts, prefixes and patterns",
            [&] { keep(large->match("www.Example.com:8000", "/accounts/login/")); });
    measure("route of a prefix among them",
            [&] { keep(large->match("shop50.example.net", "/part50/x")); });
}

void measure_observers() {
    const AccessRecord record{.client = "192.0.2.7",
                              .method = "GET",
                              .target = "/static/css/site.css?v=42",
                              .protocol = "HTTP/1.1",
                              .status = 200,
                              .body_bytes = 1024,
                              .referer = "https://example.com/",
                              .user_agent = browser_fields()[1].value};
    std::FILE* const file = std::tmpfile();
    AccessLog log(OwnedFd(dup(fileno(file))));
    const auto now = std::chrono::system_clock::now();
    const AccessLine combined;
    const AccessLine json = AccessLine::create("json").value();
    const AccessLine atoms =
        AccessLine::create(R"(%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s")")
            .value();
    measure("access log line, its share of the write included",
            [&] { log.append(combined, record, now); });
    measure("the same with gunicorn's atoms", [&] { log.append(atoms, record, now); });
    measure("the same as JSON", [&] { log.append(json, record, now); });
    std::fclose(file);

    RouteCounters counters;
    RequestTimes times;
    times.asked_app = true;
    times.received = RequestTimes::Moment::clock::now();
    times.whole = times.received + std::chrono::microseconds(20);
    times.handed_over = times.whole + std::chrono::microseconds(10);
    times.first = times.handed_over + std::chrono::milliseconds(3);
    times.done = times.first + std::chrono::microseconds(5);
    times.sent = times.done + std::chrono::microseconds(30);
    measure("a request is counted", [&] { counters.count(200, 1024, times); });
    keep(counters.bytes_sent);

    RequestIds ids;
    measure("request id", [&] { keep(ids.next(now)); });
    measure("error page",
            [&] { keep(error_page(503, {.request_id = "01JD4F9Y7QK3V8W2M5T6X9ZB0C"})); });
}

int run() {
    std::string directory =
        (std::filesystem::temp_directory_path() / "bundle-bench-XXXXXX").string();
    if (mkdtemp(directory.data()) == nullptr) return 1;
    std::filesystem::create_directory(directory + "/css");
    std::ofstream(directory + "/css/site.css") << std::string(1024, 'x');
    std::ofstream(directory + "/large") << std::string(100 << 10, 'x');

    const auto root = FileRoot::open(directory, {"index.html"});
    if (root) {
        measure_files(*root);
        measure_router(directory);
        measure_observers();
    }
    std::filesystem::remove_all(directory);
    return root ? 0 : 1;
}

}  // namespace
}  // namespace bundle

int main() { return bundle::run(); }
