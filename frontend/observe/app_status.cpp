#include "frontend/observe/app_status.hpp"

#include <algorithm>

namespace bundle {

namespace {

using Moment = std::chrono::steady_clock::time_point;
using Workers = std::vector<WorkerFacts>;

bool serves(const WorkerLink& link, const WorkerFacts& worker) {
    return link.serves() != nullptr && link.serves()->request_id == worker.request_id;
}

// A request that a worker has not begun yet stands in no row.
void add_request(Workers& workers, const WorkerLink& link, Moment now) {
    constexpr std::size_t kMostShown = 192;
    const AppRequest* request = link.serves();
    if (request == nullptr) return;
    const auto in_row = std::ranges::find_if(workers, [&](const WorkerFacts& worker) {
        return worker.pid == link.pid() && serves(link, worker);
    });
    if (in_row != workers.end()) return;
    const auto idle = std::ranges::find_if(workers, [&](const WorkerFacts& worker) {
        return worker.pid == link.pid() && !worker.is_busy();
    });
    if (idle == workers.end()) return;
    idle->state = wire::WorkerState::Busy;
    idle->request = std::string(request->head->method) + ' ' +
                    std::string(request->head->target.substr(0, kMostShown));
    idle->request_id = request->request_id;
    idle->busy_for = now - request->handed_over;
}

// What nobody waits for any more is known by its row alone.
void mark(Workers& workers, const WorkerLink& link, const WorkerPool& pool) {
    for (WorkerFacts& worker : workers) {
        if (worker.pid != link.pid()) continue;
        worker.leaving = worker.leaving || link.retired;
        if (!link.is_overdue() || !worker.is_busy()) continue;
        worker.overdue = std::ranges::none_of(
            pool.links(), [&](const auto& other) { return serves(*other, worker); });
    }
}

void add_workers(AppStatus& app, const AppPools& pools, const WorkerPool& pool, Moment now) {
    Workers workers = worker_facts(pools.rows_of(pool), pool.config().threads, now);
    for (const auto& link : pool.links()) {
        if (std::ranges::find(workers, link->pid(), &WorkerFacts::pid) == workers.end()) {
            workers.push_back(
                {.slot = link->slot(), .pid = link->pid(), .generation = link->generation});
            look_at_process(workers.back());
        }
        if (link->serves() != nullptr) app.busy += now - link->serves()->handed_over;
        add_request(workers, *link, now);
        mark(workers, *link, pool);
    }
    app.workers.insert(app.workers.end(), workers.begin(), workers.end());
    std::ranges::stable_sort(app.workers, {}, &WorkerFacts::slot);
}

}  // namespace

AppStatus app_status(const AppPools& pools, const WorkerPool& pool, const AppCounters& counters,
                     Moment now) {
    const AppConfig& config = pool.config();
    AppStatus app;
    app.name = config.name;
    app.configured = config.workers;
    app.wanted = pool.wanted();
    app.threads = config.threads;
    app.slow_after = config.slow_after;
    app.waiting = pool.waiting();
    app.most_waiting = config.queue.max;
    if (const auto oldest = pool.oldest()) app.oldest = now - *oldest;
    app.busy = counters.busy;
    app.waits = counters.waits;
    app.drops = counters.drops;
    for (const auto& lane : pool.lanes())
        if (!lane->policy.route.empty())
            app.bounded.push_back({lane->policy.route, lane->in_flight, lane->policy.max_in_flight,
                                   lane->waiting.size()});
    add_workers(app, pools, pool, now);
    return app;
}

void add_earlier_workers(AppStatus& app, const AppPools& earlier, Moment now) {
    if (const WorkerPool* pool = earlier.find(app.name)) add_workers(app, earlier, *pool, now);
}

}  // namespace bundle
