// The metrics that applications count themselves, added up over their workers: counters and
// histograms of all there ever were, gauges of those that live. What a metric is, the newest
// generation that counts it says: what earlier ones counted as something else is forgotten.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/wire/app_metrics.hpp"

namespace bundle {

class AppMetrics {
  public:
    // Of one application: what labels of clients' making can cost is bounded. More than these have
    // to replace what only earlier generations counted; else they are lost.
    static constexpr std::size_t kMostSeries = 20'000;

    enum class Worker { Lives, IsGone };
    void add(std::string_view app, std::uint32_t generation, std::span<const char> memory,
             Worker worker);
    // In the format of Prometheus (metrics_text.hpp).
    [[nodiscard]] std::string text() const;

  private:
    struct Series {
        std::vector<double> values;
        std::uint32_t generation = 0;  // the last that counted it

        void count(std::uint32_t of_generation, const wire::AppSeries& series);
    };
    struct Family {
        wire::MetricKind kind{};
        std::vector<double> bounds;
        std::string help;
        std::uint32_t generation = 0;          // likewise
        std::map<std::string, Series> series;  // by their labels, as they are written

        [[nodiscard]] bool means_the_same(const wire::AppSeries& series_of_it) const;
    };
    struct App {
        std::map<std::string, Family, std::less<>> families;
        std::size_t count = 0;            // of series
        std::uint32_t room_made_for = 0;  // that generation
        std::uint64_t lost = 0;
    };
    using Apps = std::map<std::string, App, std::less<>>;
    // What was said of all copies of these, too.
    struct Said {
        std::set<std::string> warnings;
        std::map<std::string, std::uint64_t> lost;  // by app: what was shown of a counter stays
    };

    void add(Apps::value_type& to, std::uint32_t generation, const wire::AppSeries& series);
    void warn_once(std::string_view text) const;
    [[nodiscard]] std::string lost_text() const;
    [[nodiscard]] std::string family_text(
        std::string_view name, const std::map<std::string_view, const Family*>& of) const;
    static bool make_room(App& app, std::uint32_t generation);

    Apps apps_;
    std::shared_ptr<Said> said_ = std::make_shared<Said>();
};

}  // namespace bundle
