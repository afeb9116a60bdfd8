#include "shared/config/site_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>

#include "shared/config/option/nearest.hpp"
#include "shared/config/option/routing_checks.hpp"
#include "shared/routing/health_check.hpp"
#include "shared/routing/host_name.hpp"
#include "shared/routing/path_table.hpp"

namespace bundle::config {

namespace {

class SiteRules {
  public:
    SiteRules(const Config& config, const Origins& origins, Problems& problems)
        : config_(config), origins_(origins), problems_(problems) {}

    void check() {
        for (std::size_t i = 0; i < config_.sites.size(); ++i) check_site(i);
        check_unknown_host();
    }

  private:
    void complain(const std::string& name, std::string text) {
        if (!problems_.is_unusable(name))
            problems_.add(nearest_origin(origins_, name), std::move(text));
    }
    [[nodiscard]] std::string place_of(const std::string& name) const {
        return nearest_origin(origins_, name).place();
    }

    void check_site(std::size_t index) {
        const SiteConfig& site = config_.sites[index];
        const std::string name = fmt::format("site.{}", index);
        check_hosts(index, name);
        check_app_of_site(site, name);
        check_scope(site.scope, name);
        check_fallback_of(site.fallback, name, !site.root.empty(), "root", site);
        for (std::size_t i = 0; i < site.routes.size(); ++i) check_route(site, name, i);
    }

    void check_hosts(std::size_t index, const std::string& name) {
        const std::vector<std::string>& hosts = config_.sites[index].hosts;
        if (problems_.is_unusable(name + ".hosts")) return;
        if (hosts.empty() && !sites_by_host_.emplace("", index).second)
            complain(name,
                     fmt::format("{} names no hosts, but the [[site]] at {} is for every host "
                                 "already",
                                 name, place_of(site_of(""))));
        for (const std::string& host : hosts)
            if (const std::string key(HostName(host).view());
                !sites_by_host_.emplace(key, index).second)
                complain(name + ".hosts",
                         fmt::format("{}.hosts has {} once more; it stands at {} already", name,
                                     host, place_of(site_of(key) + ".hosts")));
    }
    [[nodiscard]] std::string site_of(const std::string& host) const {
        return fmt::format("site.{}", sites_by_host_.at(host));
    }

    void check_unknown_host() {
        const std::string& unknown = config_.server.unknown_host;
        if (unknown == "close" || unknown == "421" || unknown == "first" ||
            problems_.is_unusable("site"))
            return;
        if (!sites_by_host_.contains(std::string(HostName(unknown).view())))
            complain("server.unknown_host",
                     fmt::format("server.unknown_host is \"{}\"; it must be \"close\", \"421\", "
                                 "\"first\" or a host of a site",
                                 unknown));
    }

    void check_app_of_site(const SiteConfig& site, const std::string& name) {
        const std::string option = name + ".app";
        if (!site.app.empty()) return check_app_exists(option, site.app);
        if (!origins_.contains(option) && config_.apps.size() > 1)
            complain(
                option,
                fmt::format(
                    "{} does not say which app serves it; write app = \"{}\", or app = \"off\" "
                    "for files only",
                    name, config_.apps.front().name));
    }

    void check_app_exists(const std::string& option, const std::string& app) {
        if (config_.find_app(app) || problems_.is_unusable("app")) return;
        std::vector<std::string_view> names;
        for (const AppConfig& known : config_.apps) names.push_back(known.name);
        std::string meant = names.empty() ? "; there is no [app.NAME]" : "";
        if (const auto near = nearest(app, names)) {
            meant = fmt::format("; did you mean {}?", *near);
        } else if (!names.empty()) {
            meant = fmt::format("; there is {}", fmt::join(names, ", "));
        }
        complain(option,
                 fmt::format("{} is \"{}\", but there is no [app.{}]{}", option, app, app, meant));
    }

    void check_route(const SiteConfig& site, const std::string& site_name, std::size_t index) {
        const RouteConfig& route = site.routes[index];
        const std::string name = fmt::format("{}.route.{}", site_name, index);
        for (std::size_t before = 0; before < index; ++before)
            if (!route.path.empty() && is_same_path(site.routes[before].path, route.path))
                complain(name + ".path",
                         fmt::format("{}.path is \"{}\" once more; it stands at {} already", name,
                                     route.path,
                                     place_of(fmt::format("{}.route.{}.path", site_name, before))));
        if (!route.app.empty()) check_app_exists(name + ".app", route.app);
        check_action(route, name);
        check_mount_of(site, route, name);
        check_scope(route.scope, name);
        check_fallback_of(route.fallback, name, !route.directory.empty(), "directory", site);
    }

    void check_scope(const ScopeConfig& scope, const std::string& name) {
        check_fields(scope.headers.set, name + ".headers.set");
        check_fields(scope.headers.append, name + ".headers.append");
        if (!origins_.contains(name + ".errors")) return;  // those of a site are told of once
        for (const auto& [status, file] : scope.errors)
            if (!is_error_status(status))
                complain(
                    name + ".errors",
                    fmt::format("{}.errors has \"{}\"; it must be a status such as \"404\", or a "
                                "class: \"4xx\", \"5xx\"",
                                name, status));
    }

    void check_fields(const std::map<std::string, std::string>& fields, const std::string& option) {
        for (const auto& [field, value] : fields) {
            const bool is_line = std::ranges::none_of(value, [](char c) {
                return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
            });
            const auto complaint = check_changed_field(field);
            if (complaint || !is_line)
                complain(option, fmt::format("{} has {}; {}", option, field,
                                             complaint.value_or("its value must be one line")));
        }
    }

    // "400" to "599", "4xx", "5xx".
    static bool is_error_status(std::string_view text) {
        const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
        return text.size() == 3 && (text[0] == '4' || text[0] == '5') &&
               (text.ends_with("xx") || (is_digit(text[1]) && is_digit(text[2])));
    }

    // "/static" and "/static/" are one prefix.
    static bool is_same_path(std::string_view one, std::string_view other) {
        const RoutePath a = RoutePath::in(one);
        const RoutePath b = RoutePath::in(other);
        return a.kind == b.kind && a.text == b.text;
    }

    void check_action(const RouteConfig& route, const std::string& name) {
        constexpr std::array<std::string_view, 5> kActions = {"directory", "app", "redirect",
                                                              "return", "status_page"};
        const std::array<bool, 5> is_there = {!route.directory.empty(), !route.app.empty(),
                                              !route.redirect.empty(), route.returned != 0,
                                              route.status_page};
        std::vector<std::string_view> found;
        for (std::size_t i = 0; i < kActions.size(); ++i) {
            // An action that cannot be read is no missing one.
            if (problems_.is_unusable(fmt::format("{}.{}", name, kActions.at(i)))) return;
            if (is_there.at(i)) found.push_back(kActions.at(i));
        }
        if (found.size() > 1)
            complain(name, fmt::format("{} has the actions {}; it can have one of {}", name,
                                       fmt::join(found, ", "), fmt::join(kActions, ", ")));
        if (found.empty() && !has_options(name))
            complain(name,
                     fmt::format("{} says nothing; it needs one of {}, or an option of its own",
                                 name, fmt::join(kActions, ", ")));
        check_parts_of_action(route, name);
    }

    // Besides its path.
    [[nodiscard]] bool has_options(const std::string& name) const {
        const std::string prefix = name + ".";
        for (auto at = origins_.lower_bound(prefix);
             at != origins_.end() && at->first.starts_with(prefix); ++at)
            if (at->first != prefix + "path") return true;
        return false;
    }

    void check_parts_of_action(const RouteConfig& route, const std::string& name) {
        constexpr std::array<std::uint32_t, 5> kRedirects = {301, 302, 303, 307, 308};
        if (std::ranges::find(kRedirects, route.status) == kRedirects.end())
            complain(name + ".status",
                     fmt::format("{}.status is {}; a redirect has one of {}", name, route.status,
                                 fmt::join(kRedirects, ", ")));
        if (route.returned >= 300 && route.returned < 400 && route.returned != 304)
            complain(name + ".return",
                     fmt::format("{0}.return is {1}, which leads nowhere; write redirect and "
                                 "status = {1}",
                                 name, route.returned));
        if (route.status_page && RoutePath::in(route.path).kind != RoutePath::Kind::Prefix)
            complain(
                name + ".status_page",
                fmt::format("{}.status_page has parts below it; write a path such as \"/ops/\"",
                            name));
        if (!route.body.empty() && route.returned == 0)
            complain(name + ".body", name + ".body has a meaning with return only");
        if (!route.body.empty() && (route.returned == 204 || route.returned == 304))
            complain(name + ".body", fmt::format("{}.body has no place in a {}, which has no body",
                                                 name, route.returned));
    }

    void check_mount_of(const SiteConfig& site, const RouteConfig& route, const std::string& name) {
        if (route.mount.empty() || route.path.empty()) return;
        const RoutePath path = RoutePath::in(route.path);
        if (path.kind == RoutePath::Kind::Glob || !covers_path(route.mount, path.text))
            complain(name + ".mount",
                     fmt::format("{0}.mount is {1}, but {2} does not lie below it; write path = "
                                 "\"{1}/\"",
                                 name, route.mount, route.path));
        if ((route.app.empty() && site.app.empty()) || !route.redirect.empty() ||
            route.returned != 0 || route.status_page)
            complain(name + ".mount", name + ".mount has a meaning with an app only");
    }

    void check_fallback_of(const std::string& fallback, const std::string& name, bool has_files,
                           std::string_view files, const SiteConfig& site) {
        const std::string option = name + ".fallback";
        if (fallback.empty()) return;
        if (!has_files && !problems_.is_unusable(fmt::format("{}.{}", name, files)))
            complain(option, fmt::format("{} has a meaning with {} only", option, files));
        if (fallback == "app" && site.app.empty())
            complain(option, option + " is \"app\", but the site has none");
    }

    const Config& config_;
    const Origins& origins_;
    Problems& problems_;
    std::map<std::string, std::size_t> sites_by_host_;  // "": the one for every host
};

}  // namespace

void check_site_rules(const Config& config, const Origins& origins, Problems& problems) {
    SiteRules(config, origins, problems).check();
}

}  // namespace bundle::config
