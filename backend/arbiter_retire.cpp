// The arbiter and workers that are to leave while the application goes on being served: those that
// are too many, and all of them when a reload has brought others.
#include <signal.h>

#include <algorithm>

#include "backend/arbiter.hpp"
#include "backend/worker_rows.hpp"
#include "shared/base/log.hpp"

namespace bundle {

using std::chrono::steady_clock;

// Those that are too many finish what they have: what the front writes to them from now on comes
// back to it, and goes to another.
void Arbiter::scale(std::uint32_t workers) {
    const std::uint32_t before = table_.wanted();
    // One place is for replacements.
    if (workers == before || workers == 0 || workers >= room_for_workers() || stopping_) return;
    table_.resize(workers);
    log_info("workers={} before={}", workers, before);
    for (const WorkerTable::Worker& worker :
         table_.dismiss_surplus(steady_clock::now() + task_.app.graceful_timeout))
        tell_to_leave(worker.pid);
    complain(task_.hooks.nworkers_changed(workers, before));
}

// The front sends each worker away when it has nothing to do: then no request can come to it any
// more.
void Arbiter::retire() {
    stopping_ = retiring_ = true;
    table_.stop_spawning();
    for (const WorkerTable::Worker& worker : table_.running())
        table_.dismiss(worker.slot, steady_clock::now() + task_.app.graceful_timeout);
}

// A request that runs has all the time that its route gives it, since the application is served by
// others meanwhile. Where each save is a reload nobody waits for what the old code still does.
void Arbiter::kill_overdue() {
    const auto now = steady_clock::now();
    for (const WorkerTable::Worker& worker : table_.overdue(now)) {
        const Moment deadline = latest_deadline(rows_of(worker.slot));
        if (deadline > now && !task_.development.reloads())
            table_.dismiss(worker.slot, deadline);
        else
            std::ranges::find(watches_, worker.pid, &WorkerWatch::pid)
                ->end("graceful_timeout", now);
    }
}

}  // namespace bundle
