#include "frontend/observe/status_screen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <span>
#include <vector>

#include "frontend/observe/log_clock.hpp"
#include "frontend/observe/status_text.hpp"
#include "shared/status/status_words.hpp"

namespace bundle {

namespace {

constexpr std::size_t kColumns = 60;  // of a chart: a minute
constexpr std::size_t kMostRoutes = 8;
constexpr std::size_t kMostEvents = 8;

// A column for each second, from the ground to the highest of them.
std::string chart(const Traffic& traffic, double TrafficSecond::*value) {
    constexpr std::array<std::string_view, 8> kHeights = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    const auto& seconds = traffic.seconds();
    const std::size_t begin = seconds.size() - std::min(seconds.size(), kColumns);
    double highest = 0;
    for (std::size_t i = begin; i < seconds.size(); ++i)
        highest = std::max(highest, seconds[i].*value);
    std::string text;
    for (std::size_t i = begin; i < seconds.size(); ++i) {
        const double share = highest > 0 ? seconds[i].*value / highest : 0;
        text += kHeights.at(static_cast<std::size_t>(share * (kHeights.size() - 1) + 0.5));
    }
    return text;
}

std::string traffic_text(const Traffic& traffic) {
    const TrafficSecond now =
        traffic.seconds().empty() ? TrafficSecond{} : traffic.seconds().back();
    const auto& [read, queue, first, rest, send] = now.parts;
    return fmt::format(
        "requests     {:<8} {}\n"
        "failed       {:<8} {}\n"
        "time         {} on average: read {}, queue {}, application {} and {}, send {}\n",
        fmt::format("{:.0f}/s", now.requests), chart(traffic, &TrafficSecond::requests),
        fmt::format("{:.0f}/s", now.failed), chart(traffic, &TrafficSecond::failed),
        time_text(std::accumulate(now.parts.begin(), now.parts.end(), 0.0)), time_text(read),
        time_text(queue), time_text(first), time_text(rest), time_text(send));
}

std::string memory_text(const StatusFacts& facts) {
    std::uint64_t workers = 0;
    for (const AppStatus& app : facts.apps)
        for (const WorkerFacts& worker : app.workers) workers += worker.memory.value_or(0);
    return fmt::format("memory       {} workers, {} front; {} of bodies and answers on disk\n",
                       size_text(workers), size_text(facts.front_memory.value_or(0)),
                       size_text(facts.spool_bytes));
}

struct Route {
    const CounterTable::RouteName* names = nullptr;
    const RouteCounters* counters = nullptr;
    std::uint64_t count = 0;
    double late = 0;
};

std::string route_text(const Route& route) {
    const Histogram& total = route.counters->parts.back();
    const std::string path = route.names->second.empty() ? "(its own)" : route.names->second;
    return fmt::format(
        "  {:<40} {:>9} {:>7} {:>7} {:>9} {:>9}\n",
        shown(route.names->first + " " + path).substr(0, 40), route.count,
        route.counters->by_class[4], route.counters->by_class[5],
        time_text(FloatSeconds(total.sum()).count() / static_cast<double>(route.count)),
        time_text(route.late));
}

std::string routes_text(const CounterTable& table) {
    std::vector<Route> routes;
    for (const auto& [names, counters] : table.routes()) {
        const Histogram& total = counters->parts.back();
        const std::uint64_t count = total.count();
        if (count > 0) routes.push_back({&names, counters.get(), count, total.quantile(0.95)});
    }
    std::ranges::stable_sort(routes, std::ranges::greater(), &Route::late);
    std::string text =
        fmt::format("{:<42} {:>9} {:>7} {:>7} {:>9} {:>9}\n", "routes, the slowest first",
                    "requests", "4xx", "5xx", "mean", "95 % in");
    for (const Route& route : std::span(routes).first(std::min(routes.size(), kMostRoutes)))
        text += route_text(route);
    return text;
}

std::string events_text(const RecentEvents& events) {
    LogClock clock;
    std::string text = "events\n";
    for (std::size_t i = 0; i < std::min(events.all().size(), kMostEvents); ++i) {
        const RecentEvents::Event& event = events.all()[i];
        clock.set(event.at);
        text += fmt::format("  {}Z  {}{}\n", clock.iso(), shown(event.text),
                            event.count > 1 ? fmt::format(" ({} times)", event.count) : "");
    }
    return text;
}

}  // namespace

std::string status_screen(const StatusFacts& facts) {
    return head_text(facts) + traffic_text(*facts.traffic) + connections_text(facts) +
           memory_text(facts) + apps_text(facts) + routes_text(*facts.table) +
           events_text(*facts.events);
}

}  // namespace bundle
