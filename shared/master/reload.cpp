#include "shared/master/reload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace bundle {

Reload::Reload(std::vector<App> apps, std::size_t announced, Moment now)
    : apps_(std::move(apps)), not_noted_(announced), deadline_(now + kPrepareTimeout) {}

std::optional<Reload::Order> Reload::due(Moment now) {
    if (deadline_ && now >= *deadline_) {
        deadline_.reset();
        if (stage_ == Stage::Announcing) {
            boot(now);  // a hook that takes its time changes nothing
        } else {
            expire();
        }
    }
    return std::exchange(order_, std::nullopt);
}

void Reload::front_prepared(Moment now) {
    if (stage_ != Stage::Preparing) return;
    stage_ = Stage::Announcing;
    order_ = Order::Announce;
    deadline_ = now + kAnnounceTimeout;
    if (not_noted_ == 0) boot(now);
}

void Reload::arbiter_noted(Moment now) {
    if (not_noted_ > 0) --not_noted_;
    if (stage_ == Stage::Announcing && not_noted_ == 0) boot(now);
}

void Reload::boot(Moment now) {
    stage_ = Stage::Booting;
    order_ = Order::Boot;
    for (const App& app : apps_) boot_timeout_ = std::max(boot_timeout_, app.boot_timeout);
    boot_deadline_ = deadline_ = now + boot_timeout_ + kBootGrace;
    if (complete()) expire();  // there is no application
}

void Reload::workers_ready(std::size_t app, std::uint32_t count, Moment now) {
    apps_.at(app).ready = count;
    if (stage_ != Stage::Booting) return;
    if (complete()) {
        expire();
    } else if (enough()) {
        deadline_ = std::min(deadline_.value_or(now + kGatherTimeout), now + kGatherTimeout);
    } else {
        deadline_ = boot_deadline_;
    }
}

// The time for what the stage waits for is over.
void Reload::expire() {
    if (stage_ == Stage::Preparing) return fail("the front does not answer");
    if (stage_ != Stage::Booting) return;
    const auto late =
        std::ranges::find_if(apps_, [](const App& app) { return app.ready < app.min_ready; });
    if (late == apps_.end()) {
        stage_ = Stage::Committed;
        deadline_.reset();
        order_ = Order::Commit;
        return;
    }
    fail(fmt::format("app {}: after {:g} s {} of {} workers are ready, and {} must be", late->name,
                     std::chrono::duration<double>(boot_timeout_).count(), late->ready,
                     late->workers, late->min_ready),
         kExitWorkerFailed);
}

void Reload::fail(std::string reason, int exit_status) {
    if (stage_ == Stage::Committed || stage_ == Stage::Failed) return;
    stage_ = Stage::Failed;
    deadline_.reset();
    order_ = Order::Abandon;
    reason_ = std::move(reason);
    exit_status_ = exit_status;
}

bool Reload::enough() const {
    return std::ranges::all_of(apps_, [](const App& app) { return app.ready >= app.min_ready; });
}

bool Reload::complete() const {
    return std::ranges::all_of(apps_, [](const App& app) { return app.ready >= app.workers; });
}

}  // namespace bundle
