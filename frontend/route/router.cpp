#include "frontend/route/router.hpp"

#include <algorithm>

#include "frontend/files/file_root.hpp"

namespace bundle {

namespace {

using FileRootPtr = std::unique_ptr<const FileRoot>;

struct Route {
    std::string path;   // without "=" of an exact one and without the last "/" of a prefix
    FileRootPtr files;  // an action of its own, or
    std::optional<std::uint32_t> app;
    bool internal = false;
    bool buffering = true;

    [[nodiscard]] bool has_action() const { return files || app; }
};

// Whether `prefix` covers whole segments of `path`: "/static" does of "/static" and "/static/x",
// not of "/staticx".
bool covers(std::string_view prefix, std::string_view path) {
    return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

// Gathers every problem, so that all of them are shown in one run.
class RouteBuilder {
  public:
    explicit RouteBuilder(const Config& config) : config_(config) {}

    FileRootPtr open_root(const std::string& directory, const std::vector<std::string>& index) {
        if (directory.empty()) return nullptr;
        auto root = FileRoot::open(directory, index);
        if (root) return std::make_unique<const FileRoot>(std::move(*root));
        add_problem(root.error().message);
        return nullptr;
    }

    std::optional<std::uint32_t> find_app(const std::string& name) {
        if (name.empty()) return std::nullopt;
        const auto found = std::ranges::find(config_.apps, name, &AppConfig::name);
        if (found != config_.apps.end())
            return static_cast<std::uint32_t>(found - config_.apps.begin());
        add_problem("there is no [app." + name + "]");
        return std::nullopt;
    }

    void check_path(std::string_view path, const std::string& as_written) {
        if (!path.starts_with('/'))
            add_problem("the route \"" + as_written + "\" must begin with \"/\" or \"=/\"");
    }

    [[nodiscard]] const std::string& problems() const { return problems_; }

  private:
    void add_problem(const std::string& problem) {
        if (!problems_.empty()) problems_ += '\n';
        problems_ += problem;
    }

    const Config& config_;
    std::string problems_;
};

}  // namespace

struct Router::Site {
    FileRootPtr files;
    std::optional<std::uint32_t> app;
    std::vector<Route> exact;
    std::vector<Route> prefixes;  // the longest first

    [[nodiscard]] RouteMatch match(std::string_view path, Asker asker) const;
    // What the site does where no route says otherwise.
    [[nodiscard]] RouteMatch otherwise(std::string_view path) const;
    void add_route(const RouteConfig& config, RouteBuilder& builder,
                   const std::vector<std::string>& index);
};

RouteMatch Router::Site::otherwise(std::string_view path) const {
    // "*" of OPTIONS names no file.
    return {.files = path.starts_with('/') ? files.get() : nullptr, .file_path = path, .app = app};
}

RouteMatch Router::Site::match(std::string_view path, Asker asker) const {
    // Nothing at all, so that a client cannot tell it from a path that is not there.
    const auto is_hidden = [asker](const Route& route) {
        return route.internal && asker == Asker::Client;
    };
    for (const Route& route : exact) {
        if (route.path != path) continue;
        if (is_hidden(route)) return {};
        if (!route.has_action()) return otherwise(path);
        // Nothing follows an exact path: its last segment names the file.
        return {.files = route.files.get(),
                .file_path = path.substr(path.rfind('/')),
                .app = route.app,
                .buffering = route.buffering};
    }
    for (const Route& route : prefixes) {
        if (!covers(route.path, path)) continue;
        if (is_hidden(route)) return {};
        if (!route.has_action()) return otherwise(path);
        return {.files = route.files.get(),
                .file_path = path.substr(route.path.size()),
                .app = route.app,
                .buffering = route.buffering};
    }
    return otherwise(path);
}

void Router::Site::add_route(const RouteConfig& config, RouteBuilder& builder,
                             const std::vector<std::string>& index) {
    std::string_view path = config.path;
    const bool is_exact = path.starts_with('=');
    if (is_exact) path.remove_prefix(1);
    builder.check_path(path, config.path);
    if (!is_exact && path.ends_with('/')) path.remove_suffix(1);
    Route& route = (is_exact ? exact : prefixes).emplace_back();
    route.path = path;
    route.files = builder.open_root(config.directory, index);
    route.app = builder.find_app(config.app);
    route.internal = config.internal;
    route.buffering = config.buffering;
}

Router::Router(const Config& config) : hosts_(config) {}
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;
Router::~Router() = default;

Result<Router> Router::create(const Config& config) {
    Router router(config);
    RouteBuilder builder(config);
    for (const SiteConfig& from : config.sites) {
        Site& site = router.sites_.emplace_back();
        site.files = builder.open_root(from.root, from.index);
        site.app = builder.find_app(from.app);
        for (const RouteConfig& route : from.routes) site.add_route(route, builder, from.index);
        std::ranges::stable_sort(site.prefixes, std::ranges::greater(),
                                 [](const Route& route) { return route.path.size(); });
    }
    if (!builder.problems().empty()) return failure(builder.problems());
    return router;
}

std::optional<RouteMatch> Router::match(std::string_view host, std::string_view path,
                                        Asker asker) const {
    const HostMatch match = hosts_.find(host);
    if (match.by == HostMatch::By::Nothing) return std::nullopt;
    return sites_[match.site].match(path, asker);
}

}  // namespace bundle
