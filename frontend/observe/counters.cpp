#include "frontend/observe/counters.hpp"

#include <numeric>

namespace bundle {

std::uint64_t Histogram::count() const {
    return std::accumulate(buckets_.begin(), buckets_.end(), std::uint64_t{0});
}

double Histogram::quantile(double share) const {
    constexpr double kMs = 1e-3;
    double rest = share * static_cast<double>(count());
    for (std::size_t bucket = 0; bucket < kBounds.size(); ++bucket) {
        const auto in_bucket = static_cast<double>(buckets_.at(bucket));
        if (in_bucket > 0 && rest <= in_bucket) {
            const double low = bucket == 0 ? 0 : kBounds.at(bucket - 1) * kMs;
            return low + (kBounds.at(bucket) * kMs - low) * rest / in_bucket;
        }
        rest -= in_bucket;
    }
    return kBounds.back() * kMs;
}

void RouteCounters::count(std::uint16_t status, std::uint64_t bytes, const RequestTimes& times) {
    const std::size_t hundreds = status / 100U;
    ++by_class[hundreds < by_class.size() ? hundreds : 0];
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
