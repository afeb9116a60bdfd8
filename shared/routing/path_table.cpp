#include "shared/routing/path_table.hpp"

#include <algorithm>

namespace bundle {

RoutePath RoutePath::in(std::string_view path) {
    if (path.starts_with('=')) return {Kind::Exact, path.substr(1)};
    if (path.find_first_of("*?") != std::string_view::npos) return {Kind::Glob, path};
    if (path.ends_with('/')) path.remove_suffix(1);
    return {Kind::Prefix, path};
}

bool covers_path(std::string_view prefix, std::string_view path) {
    return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

PathTable::PathTable(const std::vector<RouteConfig>& routes) {
    for (std::uint32_t index = 0; index < routes.size(); ++index) {
        const RoutePath path = RoutePath::in(routes[index].path);
        switch (path.kind) {
            case RoutePath::Kind::Exact:
                exact_.emplace(path.text, index);
                break;
            case RoutePath::Kind::Prefix:
                prefixes_.emplace(path.text, index);
                longest_prefix_ = std::max(longest_prefix_, path.text.size());
                break;
            case RoutePath::Kind::Glob:
                globs_.emplace_back(Glob(path.text), index);
                break;
        }
    }
}

PathMatch PathTable::find(std::string_view path) const {
    if (const auto found = exact_.find(path); found != exact_.end())
        return {found->second, RoutePath::Kind::Exact, 0};
    if (const auto found = find_prefix(path)) return *found;
    for (const auto& [glob, route] : globs_)
        if (glob.matches(path)) return {route, RoutePath::Kind::Glob, 0};
    return {};
}

// A client may send thousands of slashes; those behind the longest prefix are not looked at.
std::optional<PathMatch> PathTable::find_prefix(std::string_view path) const {
    // "*" of OPTIONS lies below no prefix.
    if (prefixes_.empty() || !path.starts_with('/')) return std::nullopt;
    auto end = path.size();
    if (end > longest_prefix_) end = path.rfind('/', longest_prefix_);
    for (;; end = path.rfind('/', end - 1)) {
        if (const auto found = prefixes_.find(path.substr(0, end)); found != prefixes_.end())
            return PathMatch{found->second, RoutePath::Kind::Prefix, end};
        if (end == 0) return std::nullopt;
    }
}

}  // namespace bundle
