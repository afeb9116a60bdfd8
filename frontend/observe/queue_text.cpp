#include "frontend/observe/queue_text.hpp"

#include <fmt/format.h>

#include "shared/base/json_text.hpp"
#include "shared/status/status_words.hpp"

namespace bundle {

namespace {

constexpr double kHalf = 0.5;
constexpr double kNearlyAll = 0.95;

std::string waits_text(const Histogram& waits) {
    if (waits.count() == 0) return "no request so far\n";
    return fmt::format("{} requests, half of them at most {}, 95 % at most {}\n", waits.count(),
                       time_text(waits.quantile(kHalf)), time_text(waits.quantile(kNearlyAll)));
}

std::string drops_text(const AppStatus& app) {
    std::string text;
    for (std::size_t i = 0; i < kQueueDrops.size(); ++i)
        text += fmt::format("{}{} {}", i == 0 ? "" : ", ", app.drops.at(i), kQueueDrops.at(i));
    return text + "\n";
}

}  // namespace

std::string waiting_text(const AppStatus& app) {
    std::string text = fmt::format("{} of at most {} wait", app.waiting, app.most_waiting);
    if (app.waiting > 0) text += fmt::format(", the oldest for {}", length_text(app.oldest));
    return text;
}

std::string queue_text(const AppStatus& app) {
    std::string text =
        fmt::format("app {}: {}; {} at workers\n", app.name, waiting_text(app), app.count_busy());
    text += "  waited     " + waits_text(app.waits);
    text += "  dropped    " + drops_text(app);
    for (const BoundedRoute& route : app.bounded)
        text +=
            fmt::format("  route      {}: {} of at most {} at workers, {} wait\n",
                        shown(route.name), route.in_flight, route.most_in_flight, route.waiting);
    return text;
}

std::string queue_json(const AppStatus& app) {
    std::string drops;
    for (std::size_t i = 0; i < kQueueDrops.size(); ++i)
        drops += fmt::format("{}{}: {}", i == 0 ? "" : ", ", json_text(kQueueDrops.at(i)),
                             app.drops.at(i));
    std::string routes;
    for (const BoundedRoute& route : app.bounded)
        routes += fmt::format(
            "{}{{\"route\": {}, \"in_flight\": {}, \"max_in_flight\": {}, \"waiting\": {}}}",
            routes.empty() ? "" : ", ", json_text(route.name), route.in_flight,
            route.most_in_flight, route.waiting);
    const bool any = app.waits.count() > 0;
    const auto quantile = [&](double share) {
        return any ? fmt::format("{:.6f}", app.waits.quantile(share)) : "null";
    };
    return fmt::format(
        "{{\"waiting\": {}, \"max\": {}, \"oldest_seconds\": {:.3f}, \"in_flight\": {}, "
        "\"waited\": {{\"requests\": {}, \"p50_seconds\": {}, \"p95_seconds\": {}}}, "
        "\"drops\": {{{}}}, \"routes\": [{}]}}",
        app.waiting, app.most_waiting, app.oldest.count(), app.count_busy(), app.waits.count(),
        quantile(kHalf), quantile(kNearlyAll), drops, routes);
}

std::string queue_members(const AppStatus& app) {
    return fmt::format("\"name\": {}, \"queue\": {}", json_text(app.name), queue_json(app));
}

}  // namespace bundle
