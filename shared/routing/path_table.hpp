// Which [[site.route]] of a site a path meets: an exact one, then the longest prefix, then the
// first glob.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/config/config.hpp"
#include "shared/routing/glob.hpp"
#include "shared/routing/text_lookup.hpp"

namespace bundle {

// What the `path` of a route says.
struct RoutePath {
    enum class Kind : std::uint8_t { Exact, Prefix, Glob };
    Kind kind = Kind::Prefix;
    // Without "=" of an exact one and without the last "/" of a prefix, which covers whole
    // segments: "/static" is for "/static", "/static/" and "/static/x", not for "/staticx".
    std::string_view text;

    static RoutePath in(std::string_view path);
};

// Whether `prefix` covers whole segments of `path`: "/static" does of "/static" and "/static/x",
// not of "/staticx".
bool covers_path(std::string_view prefix, std::string_view path);

struct PathMatch {
    std::optional<std::uint32_t> route;  // index into SiteConfig::routes; nothing: the site itself
    RoutePath::Kind kind = RoutePath::Kind::Prefix;
    std::size_t prefix_size = 0;  // of Prefix: so much of the path it covers
};

class PathTable {
  public:
    explicit PathTable(const std::vector<RouteConfig>& routes);

    // `path` is decoded and normalised. Allocates nothing.
    [[nodiscard]] PathMatch find(std::string_view path) const;

  private:
    [[nodiscard]] std::optional<PathMatch> find_prefix(std::string_view path) const;

    TextLookup<std::uint32_t> exact_;
    TextLookup<std::uint32_t> prefixes_;
    std::size_t longest_prefix_ = 0;
    std::vector<std::pair<Glob, std::uint32_t>> globs_;  // in the order of the file
};

}  // namespace bundle
