// What the master looks after when nothing happens: how long it waits, and what its supervisor
// hears meanwhile.
#include <fmt/format.h>

#include <algorithm>

#include "shared/base/exit_status.hpp"
#include "shared/master/master.hpp"

namespace bundle {

namespace {

// So often the supervisor hears that we go on, and we look at what nothing tells us of.
constexpr milliseconds kBeat{5'000};

}  // namespace

void Master::beat() {
    const auto now = Moment::clock::now();
    if (now < next_beat_) return;
    keep_supervisor_patient();
    if (!supervision_.stopping()) look_at_sockets();
    next_beat_ = now + std::min(kBeat, notifier_.watchdog_interval().value_or(kBeat));
}

// The watchdog hears of us only while this loop turns; and what takes long, but goes on, is not to
// be cut off by a timeout of the unit.
void Master::keep_supervisor_patient() const {
    std::string state;
    if (notifier_.watchdog_interval()) state = "WATCHDOG=1\n";
    const bool busy = supervision_.phase() != Phase::Serving || next_ || check_;
    if (busy)
        state +=
            fmt::format("EXTEND_TIMEOUT_USEC={}\n", std::chrono::microseconds(kBeat * 3).count());
    if (!state.empty()) notifier_.say(state);
}

// Workers that end while they boot are tried again; but whoever waits for a start is to hear of one
// that does not come about. A reload that is to replace it is waited for.
void Master::expire_start() {
    if (supervision_.phase() != Phase::Starting || next_) return;
    const auto now = Moment::clock::now();
    if (now < start_by_) return;
    const auto late = std::ranges::find_if(
        apps_, [](const AppProgress& app) { return app.connected < app.min_ready; });
    if (late == apps_.end()) {
        report_.failure("the front is not ready in time");
        return supervision_.give_up(kExitFailed, now);
    }
    report_.failure(fmt::format(
        "app {}: {} of {} workers are ready, and {} must be; bundle gives up after twice the "
        "longest boot_timeout, why its workers ended stands above",
        late->name, late->connected, late->wanted, late->min_ready));
    supervision_.give_up(kExitWorkerFailed, now);
}

}  // namespace bundle
