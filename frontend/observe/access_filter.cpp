#include "frontend/observe/access_filter.hpp"

#include <algorithm>
#include <cmath>

namespace bundle {

namespace {

std::vector<RouteConfig> as_routes(const std::vector<std::string>& paths) {
    std::vector<RouteConfig> routes;
    for (const std::string& path : paths) routes.emplace_back().path = path;
    return routes;
}

// FNV-1a, with the last bytes mixed into all bits: ids of one millisecond differ in those alone.
std::uint32_t hash_of(std::string_view id) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    hash ^= hash >> 32;
    hash *= 0xd6e8feb86659fd93;
    return static_cast<std::uint32_t>(hash >> 32);
}

}  // namespace

AccessFilter::AccessFilter(const AccessLogConfig& config)
    : excluded_(as_routes(config.exclude)),
      excludes_(!config.exclude.empty()),
      agents_(config.exclude_agents),
      share_(static_cast<std::uint64_t>(std::llround(std::ldexp(config.sample, 32)))) {}

bool AccessFilter::takes(std::string_view path, const Headers& fields, std::string_view request_id,
                         bool is_remarkable) const {
    if (excludes_ && excluded_.find(path).route) return false;
    return is_remarkable || (hash_of(request_id) < share_ && !is_of_excluded_agent(fields));
}

bool AccessFilter::is_of_excluded_agent(const Headers& fields) const {
    if (agents_.empty()) return false;
    const auto agent =
        std::ranges::find(fields, std::string_view("user-agent"), &HeaderField::name);
    return agent != fields.end() && std::ranges::any_of(agents_, [&](const std::string& excluded) {
               return agent->value.find(excluded) != std::string_view::npos;
           });
}

}  // namespace bundle
