#include "shared/routing/route_explanation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <vector>

#include "shared/http/url_path.hpp"
#include "shared/routing/dotfile.hpp"
#include "shared/routing/health_check.hpp"
#include "shared/routing/host_name.hpp"
#include "shared/routing/host_table.hpp"
#include "shared/routing/path_table.hpp"
#include "shared/routing/redirect_target.hpp"

namespace bundle {

namespace {

struct Url {
    std::string_view scheme;
    std::string_view authority;
    std::string path;  // decoded and normalised
    std::string_view query;
};

Result<Url> parse_url(std::string_view text) {
    Url url;
    for (const std::string_view scheme : {"http", "https"})
        if (text.starts_with(scheme) && text.substr(scheme.size()).starts_with("://"))
            url.scheme = scheme;
    if (url.scheme.empty())
        return failure(
            fmt::format("{} is no URL; write one such as https://example.com/path", text));
    std::string_view rest = text.substr(url.scheme.size() + 3);
    rest = rest.substr(0, rest.find('#'));
    url.authority = rest.substr(0, rest.find_first_of("/?"));
    rest.remove_prefix(url.authority.size());
    const auto question = rest.find('?');
    if (question != std::string_view::npos) url.query = rest.substr(question + 1);
    const std::string_view path = rest.substr(0, question);
    if (resolve_path(path.empty() ? "/" : path, url.path) != PathVerdict::Good)
        return failure(fmt::format("{} has a path that is answered 400", text));
    return url;
}

class Explanation {
  public:
    Explanation(const LoadedConfig& loaded, Url url) : loaded_(loaded), url_(std::move(url)) {}

    std::string text() {
        const HostMatch host = HostTable(loaded_.config).find(url_.authority);
        if (host.by == HostMatch::By::Nothing) {
            add("site", fmt::format("none: no site has the host {}", shown_host()));
            add("answer", loaded_.config.server.unknown_host == "421"
                              ? "421, as server.unknown_host says"
                              : "none: the connection is closed, as server.unknown_host says");
            return std::move(text_);
        }
        explain_site(host);
        explain_route();
        explain_who();
        explain_answer();
        return std::move(text_);
    }

  private:
    void add(std::string_view what, const std::string& line) {
        text_ += fmt::format("{:<8}{}\n", what, line);
    }
    [[nodiscard]] std::string place_of(const std::string& name) const {
        return config::nearest_origin(loaded_.origins, name).place();
    }
    [[nodiscard]] std::string shown_host() const {
        const HostName host(url_.authority);
        return host.view().empty() ? "\"\"" : std::string(host.view());
    }

    void explain_site(const HostMatch& host) {
        site_ = &loaded_.config.sites[host.site];
        site_name_ = fmt::format("site.{}", host.site);
        add("site", fmt::format("[[site]] at {}, {}", place_of(site_name_), why(host)));
    }

    [[nodiscard]] std::string why(const HostMatch& host) const {
        switch (host.by) {
            case HostMatch::By::Name:
                return fmt::format("which has the host {}", shown_host());
            case HostMatch::By::Wildcard:
                return fmt::format("which has the longest wildcard for {}", shown_host());
            case HostMatch::By::AnyHost:
                return "which is for every host that no other site has";
            case HostMatch::By::UnknownHost:
            case HostMatch::By::Nothing:
                break;
        }
        return fmt::format("to which server.unknown_host leads {}", shown_host());
    }

    void explain_route() {
        match_ = PathTable(site_->routes).find(url_.path);
        if (!match_.route) return add("route", fmt::format("none is for {}", url_.path));
        route_ = &site_->routes[*match_.route];
        route_name_ = fmt::format("{}.route.{}", site_name_, *match_.route);
        std::string_view how = "the longest prefix of";
        if (match_.kind == RoutePath::Kind::Exact) how = "exactly";
        if (match_.kind == RoutePath::Kind::Glob)
            how = "behind exact paths and prefixes the first pattern for";
        add("route", fmt::format("[[site.route]] at {}: \"{}\" is {} {}", place_of(route_name_),
                                 route_->path, how, url_.path));
    }

    [[nodiscard]] const ScopeConfig& scope() const { return route_ ? route_->scope : site_->scope; }

    void explain_who() {
        if (!scope().allow.empty())
            add("allow", fmt::format("{}; others: 403", fmt::join(scope().allow, ", ")));
        if (!scope().deny.empty())
            add("deny", fmt::format("{}: 403", fmt::join(scope().deny, ", ")));
    }

    void explain_answer() {
        if (site_->health && health_check_of(url_.path) != HealthCheck::None)
            return add("answer", "200 or 503, as site.health says");
        if (route_ != nullptr && route_->internal)
            add("client", "404: the route is internal, for X-Accel-Redirect of an app only");
        if (site_->https == HttpsMode::Redirect && url_.scheme == "http" &&
            !url_.path.starts_with("/.well-known/acme-challenge/"))
            return add("answer", "redirect to " + filled_in("https://$host$request_uri"));
        if (route_ == nullptr) return explain_site_action();
        if (!route_->redirect.empty())
            return add("answer",
                       fmt::format("{} to {}", route_->status, filled_in(route_->redirect)));
        if (route_->returned != 0) return add("answer", fmt::format("{}", route_->returned));
        if (route_->status_page) return add("answer", "the status page");
        if (!route_->directory.empty()) return explain_directory();
        if (!route_->app.empty()) return explain_app(route_->app);
        explain_site_action();
    }

    void explain_directory() {
        const bool is_exact = match_.kind == RoutePath::Kind::Exact;
        const auto file = std::string_view(url_.path).substr(is_exact ? url_.path.rfind('/')
                                                                      : match_.prefix_size);
        explain_files(route_->directory, file, route_->fallback);
        if (route_->fallback.empty() || route_->fallback == "404") add("else", "404");
        if (route_->fallback == "app") explain_app(site_->app);
    }

    void explain_site_action() {
        if (!site_->root.empty()) explain_files(site_->root, url_.path, site_->fallback);
        const bool falls_to_app = site_->fallback.empty() || site_->fallback == "app";
        if (falls_to_app && !site_->app.empty()) return explain_app(site_->app);
        if (falls_to_app || site_->fallback == "404") add("else", "404");
    }

    void explain_files(const std::string& folder, std::string_view file,
                       const std::string& fallback) {
        const bool hides = hides_name_in(file);
        add("file", hides ? "none: a name begins with a dot, and dotfiles is false"
                          : fmt::format("{}{}", folder, file));
        if (fallback.starts_with('/')) add("else", fmt::format("{}{}, or 404", folder, fallback));
    }

    [[nodiscard]] bool hides_name_in(std::string_view file) const {
        if (route_ ? route_->files.dotfiles : site_->files.dotfiles) return false;
        return std::ranges::any_of(file | std::views::split('/'), [](auto name) {
            return is_dotfile({name.begin(), name.end()});
        });
    }

    void explain_app(const std::string& app) {
        const std::string mount = route_ ? route_->mount : "";
        add("app", fmt::format("{}, SCRIPT_NAME \"{}\", PATH_INFO \"{}\"", app, mount,
                               url_.path.substr(mount.size())));
        if (site_->maintenance.on) add("but", "503: the site is in maintenance");
    }

    [[nodiscard]] std::string filled_in(const std::string& target) const {
        const HostName host(url_.authority);
        const auto parsed = RedirectTarget::parse(target);
        const std::size_t rest = std::min(match_.prefix_size + 1, url_.path.size());
        return parsed ? parsed->filled_in({.scheme = url_.scheme,
                                           .host = host.view(),
                                           .path = url_.path,
                                           .rest = std::string_view(url_.path).substr(rest),
                                           .query = url_.query})
                      : target;
    }

    const LoadedConfig& loaded_;
    Url url_;
    std::string text_;
    const SiteConfig* site_ = nullptr;
    const RouteConfig* route_ = nullptr;  // nullptr: the site itself
    PathMatch match_;
    std::string site_name_;
    std::string route_name_;
};

}  // namespace

Result<std::string> explain_route(const LoadedConfig& loaded, std::string_view url) {
    TRY_ASSIGN(Url parsed, parse_url(url));
    return Explanation(loaded, std::move(parsed)).text();
}

}  // namespace bundle
