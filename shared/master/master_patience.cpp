// What the master looks after when nothing happens: how long it waits, and what its supervisor
// hears meanwhile.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "shared/base/exit_status.hpp"
#include "shared/base/file_text.hpp"
#include "shared/base/log.hpp"
#include "shared/master/master.hpp"

namespace bundle {

namespace {

// So often the supervisor hears that we go on, and we look at what nothing tells us of.
constexpr milliseconds kBeat{5'000};

// So long a child may be silent. Whatever a front waits for, all clients wait for; an arbiter may
// be in a hook, which ends after 10 s (hooks.py).
constexpr milliseconds kFrontSilence{10'000};
constexpr milliseconds kArbiterSilence{30'000};

// What it does in place of an answer, as far as the letter of proc(5) tells.
std::string_view state_of(pid_t pid) {
    const auto stat = read_text_file(fmt::format("/proc/{}/stat", pid));
    const std::size_t name_end = stat ? stat->rfind(") ") : std::string::npos;
    if (name_end == std::string::npos) return "unknown";
    switch (stat->at(name_end + 2)) {
        case 'R':
            return "running";
        case 'S':
            return "waiting";
        case 'D':
            return "waiting for a device";
        case 'T':
        case 't':
            return "stopped by a signal";
        default:
            return "ending";
    }
}

}  // namespace

void Master::beat() {
    const auto now = Moment::clock::now();
    if (now < next_beat_) return;
    // Where we stood still, others may have: a machine that was suspended is no child that hangs.
    const auto since_last = std::chrono::duration_cast<milliseconds>(now - last_beat_);
    last_beat_ = now;
    if (!supervision_.stopping()) {
        end_who_is_stuck(std::min(since_last, kBeat));
        look_at_sockets();
    }
    keep_supervisor_patient();
    next_beat_ = now + std::min(kBeat, notifier_.watchdog_interval().value_or(kBeat));
}

// Nothing else would notice: who waits for it waits for ever, and it is still there. One that
// leaves has a day for what it has begun, but it answers meanwhile.
void Master::end_who_is_stuck(milliseconds since_last) {
    someone_is_stuck_ = false;
    for (auto& [number, child] : children_) {
        if (!child.is_up()) continue;
        const milliseconds silence = child.ask(since_last);
        const milliseconds limit =
            supervision_.children().at(number).is_front ? kFrontSilence : kArbiterSilence;
        if (silence < limit) continue;
        log_error("{} has not answered for {} s, killing it pid={} state=\"{}\"", child.name(),
                  silence.count() / 1000, child.pid(), state_of(child.pid()));
        child.kill("stuck");
        someone_is_stuck_ = someone_is_stuck_ || silence >= limit + 2 * kBeat;
    }
}

// The watchdog hears of us only while this loop turns, and can cure what it looks after; and what
// takes long, but goes on, is not to be cut off by a timeout of the unit.
void Master::keep_supervisor_patient() const {
    std::string state;
    if (notifier_.watchdog_interval() && !someone_is_stuck_) state = "WATCHDOG=1\n";
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
