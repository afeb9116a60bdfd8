#include "shared/master/report.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "shared/base/log.hpp"
#include "shared/base/version.hpp"
#include "shared/master/listeners.hpp"

namespace bundle {

namespace {

std::string described(const SiteConfig& site) {
    if (site.root.empty()) return site.app.empty() ? "nothing" : "app " + site.app;
    const std::string files = "files in " + site.root;
    return site.app.empty() ? files : fmt::format("{}, else app {}", files, site.app);
}

// Nobody is to run it for others by accident.
std::string described(const DevConfig& dev) {
    return fmt::format("{}{}{}: not for production",
                       dev.reload ? "reloads when a file changes" : "",
                       dev.reload && dev.tracebacks ? ", " : "",
                       dev.tracebacks ? "shows tracebacks to clients" : "");
}

std::string described(const RouteConfig& route) {
    if (!route.directory.empty()) return "files in " + route.directory;
    if (!route.redirect.empty()) return fmt::format("{} {}", route.status, route.redirect);
    if (route.returned != 0) return fmt::format("{}", route.returned);
    return route.app.empty() ? "as the site, with options of its own" : "app " + route.app;
}

void add_site(std::vector<Fact>& facts, const SiteConfig& site) {
    std::string label = site.hosts.empty() ? "site" : "site " + site.hosts.front();
    for (const RouteConfig& route : site.routes) {
        facts.push_back({label, fmt::format("{} -> {}", route.path, described(route))});
        label.clear();
    }
    facts.push_back({label, fmt::format("/ -> {}", described(site))});
}

void add_app(std::vector<Fact>& facts, const AppFacts& app) {
    facts.push_back({"app " + app.config.name, app.config.named()});
    std::string how = fmt::format("Python {}", app.python);
    if (!app.config.virtualenv.empty()) how += fmt::format(" ({})", app.config.virtualenv);
    const WorkerRange& workers = app.config.workers;
    how += workers.varies() ? fmt::format(", {} to {}", workers.min, workers.max)
                            : fmt::format(", {}", workers.min);
    how += workers.max == 1 ? " worker" : " workers";
    if (!app.user.empty()) how += ", user " + app.user;
    facts.push_back({"", fmt::format("in {}, {}", app.config.directory, how)});
}

bool is_same_file(int one, int other) {
    struct stat a {
    }, b{};
    return fstat(one, &a) == 0 && fstat(other, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

// Text of an application: line breaks stay, what could command a terminal does not.
std::string printable(std::string_view text) {
    std::string shown;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool harmless = (byte >= 0x20 && byte != 0x7f) || c == '\n' || c == '\t';
        if (harmless) {
            shown += c;
        } else {
            fmt::format_to(std::back_inserter(shown), "\\x{:02x}", byte);
        }
    }
    return shown;
}

}  // namespace

std::vector<Fact> facts_of(const std::string& conf_path, const Config& config,
                           const std::vector<AppFacts>& apps) {
    std::vector<Fact> facts = {
        {fmt::format("bundle {}", kBundleVersion), conf_path}
    };
    if (config.dev.reload || config.dev.tracebacks)
        facts.push_back({"dev mode", described(config.dev)});
    std::string label = "listening";
    for (const ListenConfig& listen : config.listen) {
        facts.push_back({std::exchange(label, ""), url_of(listen)});
    }
    if (config.admin.is_on()) facts.push_back({"admin", url_of(config.all_listeners().back())});
    for (const SiteConfig& site : config.sites) add_site(facts, site);
    for (const AppFacts& app : apps) add_app(facts, app);
    return facts;
}

StartReport::StartReport(int log_fd)
    : screen_(isatty(STDERR_FILENO) == 1 || !is_same_file(log_fd, STDERR_FILENO)),
      log_(isatty(log_fd) != 1 || log_target().service != nullptr) {}

void StartReport::show(const std::vector<Fact>& facts) const {
    std::size_t width = 0;
    for (const Fact& fact : facts) width = std::max(width, fact.label.size());
    std::string label;
    for (const Fact& fact : facts) {
        if (!fact.label.empty()) label = fact.label;
        if (log_) log_info("{}: {}", label, fact.text);
        if (screen_) fmt::print(stderr, "{:<{}}  {}\n", fact.label, width, fact.text);
    }
}

void StartReport::line(std::string_view text) const {
    if (log_) log_info("{}", text);
    if (screen_) fmt::print(stderr, "{}\n", text);
}

std::string StartReport::last_failure() const {
    const std::size_t first_end = failure_.find('\n');
    if (first_end == std::string::npos) return failure_;
    return fmt::format("{}: {}", std::string_view(failure_).substr(0, first_end),
                       std::string_view(failure_).substr(failure_.rfind('\n') + 1));
}

void StartReport::failure(std::string_view text) {
    const std::string shown = printable(text);
    failure_ = shown.substr(0, shown.find_last_not_of('\n') + 1);
    if (screen_) fmt::print(stderr, "{}{}", shown, shown.ends_with('\n') ? "" : "\n");
    if (!log_) return;
    for (std::size_t at = 0; at < shown.size();) {
        const std::size_t end = std::min(shown.find('\n', at), shown.size());
        log_error("{}", std::string_view(shown).substr(at, end - at));
        at = end + 1;
    }
}

}  // namespace bundle
