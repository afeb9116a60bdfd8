#include "frontend/route/router.hpp"

#include <algorithm>

#include "frontend/dispatch/queue_policy.hpp"
#include "frontend/files/file_root.hpp"
#include "frontend/route/fixed_answer.hpp"
#include "frontend/route/route_rules.hpp"
#include "shared/routing/path_table.hpp"

namespace bundle {

namespace {

using FileRootPtr = std::unique_ptr<const FileRoot>;

using RulesPtr = std::unique_ptr<const RouteRules>;

struct Route {
    RulesPtr rules;
    FileRootPtr files;  // an action of its own, or
    std::optional<std::uint32_t> app;
    std::shared_ptr<const FixedAnswer> fixed;
    bool status_page = false;
    bool internal = false;
    bool buffering = true;
    std::string mount;
    std::string fallback_file;
    milliseconds request_timeout{};
    std::unique_ptr<const QueuePolicy> queueing;
    FileRootPtr root;  // of the site, without an action and where its files have other rules here

    [[nodiscard]] bool has_action() const { return files || app || fixed || status_page; }
};

// A file that answers where there is none; "" for the words that mean something else.
std::string file_of(const std::string& fallback) {
    return fallback.starts_with('/') ? fallback : std::string();
}

// None for a route whose requests wait like all others.
std::unique_ptr<const QueuePolicy> queue_policy(const SiteConfig& site, const RouteConfig& route) {
    if (route.priority == Priority::Normal && route.max_in_flight == QueuePolicy::kUnlimited)
        return nullptr;
    const std::string host = site.hosts.empty() ? "" : site.hosts.front();
    return std::make_unique<const QueuePolicy>(QueuePolicy{
        host.empty() ? route.path : host + " " + route.path, route.priority, route.max_in_flight});
}

// Gathers every problem, so that all of them are shown in one run.
class RouteBuilder {
  public:
    RouteBuilder(const Config& config, const RulesContext& context)
        : config_(config), context_(context) {}

    RulesOfSite rules_of(const SiteConfig& site) { return {config_, site, context_, error_files_}; }

    // Nothing in place of an error, which is noted.
    template <typename Value>
    Value value_of(Result<Value> made) {
        if (made) return std::move(*made);
        add_problem(made.error().message);
        return {};
    }

    FileRootPtr open_root(const std::string& directory, const std::vector<std::string>& index,
                          const FilesConfig& files, const CompressionConfig& compression) {
        if (directory.empty()) return nullptr;
        FileRules rules = {files, compression, config_.mime};
        return value_of(FileRoot::open(directory, index, std::move(rules)).map([](FileRoot&& root) {
            return std::make_unique<const FileRoot>(std::move(root));
        }));
    }

    std::optional<std::uint32_t> find_app(const std::string& name) {
        if (name.empty()) return std::nullopt;
        const auto found = std::ranges::find(config_.apps, name, &AppConfig::name);
        if (found != config_.apps.end())
            return static_cast<std::uint32_t>(found - config_.apps.begin());
        add_problem("there is no [app." + name + "]");
        return std::nullopt;
    }

    [[nodiscard]] const std::string& problems() const { return problems_; }

  private:
    void add_problem(const std::string& problem) {
        if (!problems_.empty()) problems_ += '\n';
        problems_ += problem;
    }

    const Config& config_;
    RulesContext context_;
    LoadedErrorFiles error_files_;
    std::string problems_;
};

}  // namespace

struct Router::Site {
    Site(const SiteConfig& config, RouteBuilder& builder);

    [[nodiscard]] RouteMatch match(std::string_view path, Asker asker) const;
    // What the site does where no route says otherwise.
    [[nodiscard]] RouteMatch otherwise(std::string_view path) const;
    [[nodiscard]] Route made_route(const RouteConfig& config, const SiteConfig& site,
                                   RouteBuilder& builder) const;

    RulesPtr rules;
    FileRootPtr files;
    std::optional<std::uint32_t> app;
    std::string fallback_file;
    bool falls_to_app;
    bool has_health;
    std::vector<std::string> index;
    std::vector<Route> routes;
    PathTable paths;
};

Router::Site::Site(const SiteConfig& config, RouteBuilder& builder)
    : files(builder.open_root(config.root, config.index, config.files, config.compression)),
      app(builder.find_app(config.app)),
      fallback_file(file_of(config.fallback)),
      falls_to_app(config.fallback.empty() || config.fallback == "app"),
      has_health(config.health),
      index(config.index),
      paths(config.routes) {
    RulesOfSite rules_here = builder.rules_of(config);
    rules = builder.value_of(rules_here.of_site());
    for (const RouteConfig& route : config.routes) {
        routes.push_back(made_route(route, config, builder));
        routes.back().rules = builder.value_of(rules_here.of(route));
        routes.back().queueing = queue_policy(config, route);
    }
}

Route Router::Site::made_route(const RouteConfig& config, const SiteConfig& site,
                               RouteBuilder& builder) const {
    Route route;
    route.files = builder.open_root(config.directory, index, config.files, config.compression);
    route.app = builder.find_app(config.app);
    if (config.fallback == "app") route.app = app;
    route.fixed = builder.value_of(FixedAnswer::create(config));
    route.status_page = config.status_page;
    route.internal = config.internal;
    route.buffering = config.buffering;
    route.request_timeout = config.request_timeout;
    route.mount = config.mount;
    route.fallback_file = file_of(config.fallback);
    const bool same_rules = config.files == site.files && config.compression == site.compression;
    if (!route.has_action() && !same_rules)
        route.root = builder.open_root(site.root, index, config.files, config.compression);
    return route;
}

RouteMatch Router::Site::otherwise(std::string_view path) const {
    RouteMatch match;
    match.rules = rules.get();
    // "*" of OPTIONS names no file.
    if (path.starts_with('/')) match.files = files.get();
    match.file_path = path;
    match.fallback_file = fallback_file;
    if (falls_to_app || match.files == nullptr) match.app = app;
    return match;
}

RouteMatch Router::Site::match(std::string_view path, Asker asker) const {
    const HealthCheck health = has_health ? health_check_of(path) : HealthCheck::None;
    if (health != HealthCheck::None) return {.rules = rules.get(), .health = health};
    const PathMatch found = paths.find(path);
    if (!found.route) return otherwise(path);
    const Route& route = routes[*found.route];
    // Nothing at all, so that a client cannot tell it from a path that is not there.
    if (route.internal && asker == Asker::Client) return {.rules = rules.get()};
    RouteMatch match;
    if (route.has_action()) {
        match.files = route.files.get();
        // Nothing follows an exact path: its last segment names the file.
        const bool is_exact = found.kind == RoutePath::Kind::Exact;
        match.file_path = path.substr(is_exact ? path.rfind('/') : found.prefix_size);
        match.fallback_file = route.fallback_file;
        match.app = route.app;
        match.fixed = route.fixed.get();
        match.status_page = route.status_page;
    } else {
        match = otherwise(path);
        if (route.root && match.files != nullptr) match.files = route.root.get();
    }
    match.rules = route.rules.get();
    match.buffering = route.buffering;
    match.request_timeout = route.request_timeout;
    match.mount = route.mount;
    match.queueing = route.queueing.get();
    match.rest = path.substr(std::min(found.prefix_size + 1, path.size()));
    return match;
}

Router::Router(const Config& config, const RulesContext& context)
    : hosts_(config),
      rules_without_site_(
          std::make_unique<const RouteRules>(RouteRules::without_site(config.http, context))),
      rules_without_match_(rules_without_site_.get()) {}
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;
Router::~Router() = default;

Result<Router> Router::create(const Config& config, const RulesContext& context) {
    Router router(config, context);
    RouteBuilder builder(config, context);
    for (const SiteConfig& site : config.sites) router.sites_.emplace_back(site, builder);
    if (!builder.problems().empty()) return failure(builder.problems());
    const HostMatch unknown = router.hosts_.find("");
    if (unknown.by != HostMatch::By::Nothing)
        router.rules_without_match_ = router.sites_[unknown.site].rules.get();
    return router;
}

std::optional<RouteMatch> Router::match(std::string_view host, std::string_view path,
                                        Asker asker) const {
    const HostMatch match = hosts_.find(host);
    if (match.by == HostMatch::By::Nothing) return std::nullopt;
    return sites_[match.site].match(path, asker);
}

}  // namespace bundle
