// The front and statsD: what no request tells of.
#include <utility>

#include "frontend/front.hpp"
#include "shared/base/log.hpp"

namespace bundle {

// Of the configuration that serves from now on.
void Front::begin_statsd() {
    const StatsdConfig& config = context_.snapshot->config.metrics.statsd;
    context_.statsd.reset();
    told_workers_.reset();
    told_connections_.clear();
    if (!config.is_on()) return;
    auto statsd = Statsd::create(config);
    if (!statsd) return log_error("metrics.statsd: {}", statsd.error().message);
    context_.statsd.emplace(std::move(*statsd));
}

void Front::tell_log_lines(std::string_view name, LogLevel level, std::uint64_t& told) {
    const std::uint64_t lines = log_lines_of(level);
    if (const std::uint64_t more = lines - std::exchange(told, lines))
        context_.statsd->count(name, more);
}

// What no request tells of.
void Front::tell_statsd() {
    if (!context_.statsd) return;
    std::uint64_t workers = 0;
    std::uint64_t busy = 0;
    std::uint64_t waiting = 0;
    for (const auto& pool : dispatcher_.pools().pools) {
        workers += pool->worker_count();
        waiting += pool->waiting();
        for (const auto& link : pool->links()) busy += link->is_idle() ? 0 : 1;
    }
    // As gunicorn does: when it changes.
    if (std::exchange(told_workers_, workers) != workers)
        context_.statsd->gauge("gunicorn.workers", workers);
    tell_log_lines("gunicorn.log.error", LogLevel::Error, told_errors_);
    tell_log_lines("gunicorn.log.warning", LogLevel::Warn, told_warnings_);
    std::uint64_t backlog = 0;
    for (const auto& listener : listeners_) backlog += listener->backlog();
    context_.statsd->histogram("gunicorn.backlog", backlog);
    context_.statsd->gauge("bundle.workers.busy", busy);
    context_.statsd->gauge("bundle.queue.depth", waiting);
    tell_statsd_of_connections();
}

// Each state whose number has changed.
void Front::tell_statsd_of_connections() {
    std::map<std::string_view, std::uint64_t> now;
    for (const auto& [state, count] : told_connections_) now[state] = 0;
    for (const auto& connection : connections_)
        if (!connection->is_admin()) ++now[connection->state_text()];
    for (const auto& [state, count] : now) {
        const auto told = told_connections_.find(state);
        if (told != told_connections_.end() && told->second == count) continue;
        context_.statsd->gauge(statsd_name("bundle.conn.", state), count);
    }
    told_connections_ = std::move(now);
}

}  // namespace bundle
