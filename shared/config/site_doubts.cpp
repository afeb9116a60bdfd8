// What a site says in vain, or means otherwise: no mistake, and worth a word of `bundle check`.
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

// The folder below which everything lies that a pattern is for; "" for all folders.
std::string_view folder_of(std::string_view pattern) {
    if (!pattern.starts_with('/')) return "";
    pattern = pattern.substr(0, pattern.find_first_of("*?"));
    return pattern.substr(0, pattern.rfind('/'));
}

// Why no request can meet a route that is a pattern; nothing: some may.
std::optional<std::string> why_never_met(const SiteConfig& site, std::size_t index) {
    constexpr std::array<std::string_view, 3> kOfEveryPath = {"*", "**", "/**"};
    const std::string_view pattern = site.routes[index].path;
    for (const RouteConfig& other : site.routes) {
        const RoutePath path = RoutePath::in(other.path);
        if (path.kind == RoutePath::Kind::Prefix && covers_path(path.text, folder_of(pattern)))
            return fmt::format("patterns come after prefixes, and the route \"{}\" has every {}",
                               other.path, path.text.empty() ? "path" : "such path");
    }
    for (std::size_t i = 0; i < index; ++i)
        if (std::ranges::find(kOfEveryPath, site.routes[i].path) != kOfEveryPath.end())
            return fmt::format("\"{}\" stands before it and is for every path",
                               site.routes[i].path);
    return std::nullopt;
}

void add_route_doubts(const SiteConfig& site, const std::string& site_name, const Origins& origins,
                      std::vector<std::string>& found) {
    for (std::size_t i = 0; i < site.routes.size(); ++i) {
        const std::string& path = site.routes[i].path;
        const std::string place =
            nearest_origin(origins, fmt::format("{}.route.{}.path", site_name, i)).place();
        const RoutePath::Kind kind = RoutePath::in(path).kind;
        std::optional<std::string> why;
        if (kind == RoutePath::Kind::Glob) why = why_never_met(site, i);
        if (kind == RoutePath::Kind::Exact && site.health &&
            health_check_of(RoutePath::in(path).text) != HealthCheck::None)
            why = "with health = true bundle itself answers there";
        if (kind == RoutePath::Kind::Exact && path.find('?') != std::string::npos)
            why = "a path has no query";
        if (kind == RoutePath::Kind::Glob && path.find('?') < path.find('='))
            found.push_back(
                fmt::format("{}: in the route \"{}\", \"?\" stands for one character; "
                            "a path has no query",
                            place, path));
        if (site.routes[i].status_page && site.routes[i].scope.allow.empty())
            found.push_back(
                fmt::format("{}: the route \"{}\" shows requests and clients to "
                            "everybody; write allow = [\"private\"]",
                            place, path));
        if (why)
            found.push_back(
                fmt::format("{}: the route \"{}\" can never match: {}", place, path, *why));
        if (path.find('%') != std::string::npos)
            found.push_back(
                fmt::format("{}: the route \"{}\" is compared with decoded paths, in which \"%\" "
                            "stands for itself",
                            place, path));
    }
}

void add_redirect_doubts(const SiteConfig& site, const std::string& site_name,
                         const Origins& origins, std::vector<std::string>& found) {
    for (std::size_t i = 0; i < site.routes.size(); ++i) {
        const std::string target = site.routes[i].redirect.substr(
            0, std::min(site.routes[i].redirect.find_first_of("?$"), std::string::npos));
        if (!target.starts_with('/')) continue;
        const RoutePath path = RoutePath::in(site.routes[i].path);
        const auto has_target = [&](const RouteConfig& other) {
            const RoutePath of_other = RoutePath::in(other.path);
            return of_other.kind == RoutePath::Kind::Exact
                       ? of_other.text == target
                       : of_other.kind == RoutePath::Kind::Prefix &&
                             of_other.text.size() > path.text.size() &&
                             covers_path(of_other.text, target);
        };
        if (path.kind == RoutePath::Kind::Prefix && covers_path(path.text, target) &&
            std::ranges::none_of(site.routes, has_target))
            found.push_back(fmt::format(
                "{}: the route \"{}\" leads to itself: {}",
                nearest_origin(origins, fmt::format("{}.route.{}.redirect", site_name, i)).place(),
                site.routes[i].path, site.routes[i].redirect));
    }
}

void add_cache_doubts(const std::string& name, const Origins& origins,
                      std::vector<std::string>& found) {
    if (origins.contains(name + ".cache_control") && origins.contains(name + ".expires"))
        found.push_back(fmt::format("{0}: {1}.expires is not looked at beside {1}.cache_control",
                                    nearest_origin(origins, name + ".expires").place(), name));
}

// Only what the file says: the default is what there is.
void add_coding_doubts(const CompressionConfig& compression, const std::string& name,
                       const Origins& origins, std::vector<std::string>& found) {
    const std::string option = name + ".compression";
    if (!origins.contains(option)) return;
    for (const std::string& coding : compression.codings)
        if ((coding == "br" && BUNDLE_HAS_BROTLI == 0) ||
            (coding == "zstd" && BUNDLE_HAS_ZSTD == 0))
            found.push_back(fmt::format("{}: {} has \"{}\", which this bundle was built without",
                                        nearest_origin(origins, option).place(), option, coding));
}

}  // namespace

void add_site_doubts(const Config& config, const Origins& origins,
                     std::vector<std::string>& found) {
    const bool every_host_is_known =
        std::ranges::any_of(config.sites, &std::vector<std::string>::empty, &SiteConfig::hosts);
    if (every_host_is_known && origins.contains("server.unknown_host"))
        found.push_back(fmt::format(
            "{}: no host is unknown, because a [[site]] without hosts is for every host",
            nearest_origin(origins, "server.unknown_host").place()));
    for (std::size_t i = 0; i < config.sites.size(); ++i)
        if (config.sites[i].https == HttpsMode::Redirect && config.trust.proxies.empty() &&
            !config.speaks_tls())
            found.push_back(fmt::format(
                "{}: nobody can come by https, so every request is led away for ever; a proxy that "
                "ends TLS has to be in trust.proxies",
                nearest_origin(origins, fmt::format("site.{}.https", i)).place()));
    for (std::size_t i = 0; i < config.sites.size(); ++i) {
        const SiteConfig& site = config.sites[i];
        const std::string name = fmt::format("site.{}", i);
        add_coding_doubts(site.compression, name, origins, found);
        add_cache_doubts(name, origins, found);
        for (std::size_t k = 0; k < site.routes.size(); ++k) {
            const std::string of_route = fmt::format("{}.route.{}", name, k);
            add_coding_doubts(site.routes[k].compression, of_route, origins, found);
            add_cache_doubts(of_route, origins, found);
        }
        add_route_doubts(site, name, origins, found);
        add_redirect_doubts(site, name, origins, found);
    }
}

}  // namespace bundle::config
