// The metrics that applications count themselves, added up over their workers: counters and
// histograms of all there ever were, gauges of those that live.
#pragma once
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/wire/app_metrics.hpp"

namespace bundle {

class AppMetrics {
  public:
    // What labels of clients' making can cost is bounded; more is left out.
    static constexpr std::size_t kMostSeries = 20'000;

    enum class Worker { Lives, IsGone };
    void add(std::string_view app, std::span<const char> memory, Worker worker);
    // In the format of Prometheus (metrics_text.hpp).
    [[nodiscard]] std::string text() const;

  private:
    struct Family {
        wire::MetricKind kind{};
        std::string help;
        std::vector<double> bounds;
        std::map<std::string, std::vector<double>> series;  // by their labels, as they are written
    };
    void add(std::string_view app, const wire::AppSeries& series);

    std::map<std::string, Family, std::less<>> families_;
    std::size_t count_ = 0;  // of series
};

}  // namespace bundle
