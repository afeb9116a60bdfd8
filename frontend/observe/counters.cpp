#include "frontend/observe/counters.hpp"

namespace bundle {

void RouteCounters::count(std::uint16_t status, std::uint64_t bytes, const RequestTimes& times) {
    ++by_class[status / 100 % by_class.size()];
    bytes_sent += bytes;
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (const auto length = times.of(kCountedParts[i].first)) parts[i].add(*length);
}

std::shared_ptr<RouteCounters> CounterTable::of_route(const std::string& site,
                                                      const std::string& route) {
    std::shared_ptr<RouteCounters>& counters = routes_[{site, route}];
    if (!counters) counters = std::make_shared<RouteCounters>();
    return counters;
}

std::shared_ptr<AppCounters> CounterTable::of_app(const std::string& name) {
    std::shared_ptr<AppCounters>& counters = apps_[name];
    if (!counters) counters = std::make_shared<AppCounters>();
    return counters;
}

}  // namespace bundle
