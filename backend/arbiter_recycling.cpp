// The part of Arbiter that replaces workers which have done enough: the next one first, and only
// when that is connected is the old one told to leave. It ends what it has, and what comes later
// than its last request goes to another (leaving.hpp), so nobody loses one.
#include <signal.h>

#include <algorithm>

#include "backend/arbiter.hpp"
#include "backend/process_memory.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace {

using wire::WorkerState;

// Whether one of its threads has met the front.
bool is_connected(std::span<const wire::WorkerRow> rows) {
    return std::ranges::any_of(rows, [](const wire::WorkerRow& row) {
        return row.state == WorkerState::Idle || row.state == WorkerState::Busy;
    });
}

Recycling::Worker use_of(const WorkerTable::Worker& worker, std::span<const wire::WorkerRow> rows) {
    Recycling::Worker use{.slot = worker.slot, .born = worker.born};
    for (const wire::WorkerRow& row : rows) {
        use.requests += row.requests;
        use.busy = use.busy || row.state == WorkerState::Busy;
    }
    return use;
}

}  // namespace

void Arbiter::recycle() {
    if (stopping_) return;
    look_at_memory();
    if (table_.replacement()) return finish_replacement();
    const auto now = std::chrono::steady_clock::now();
    for (const WorkerTable::Worker& worker : table_.running()) {
        const auto why = recycling_.reason(use_of(worker, rows_of(worker.slot)), now);
        if (!why) continue;
        log_info("recycling worker {}: {} pid={}", worker.slot, *why, worker.pid);
        table_.replace(worker.slot);
        return spawn_who_is_due();
    }
}

void Arbiter::finish_replacement() {
    const WorkerTable::Replacement replacement = *table_.replacement();
    if (replacement.told || !is_connected(rows_of(replacement.successor))) return;
    log_debug("worker {} takes over from worker {}", replacement.successor, replacement.old);
    table_.told_to_leave();
    for (const WorkerTable::Worker& worker : table_.running())
        if (worker.slot == replacement.old) tell_to_leave(worker.pid);
}

void Arbiter::look_at_memory() {
    if (!recycling_.looks(std::chrono::steady_clock::now()) || !recycling_.limits_memory()) return;
    for (const WorkerTable::Worker& worker : table_.running()) {
        const auto memory = proportional_memory(worker.pid);
        if (memory) {
            recycling_.note_memory(use_of(worker, rows_of(worker.slot)), *memory);
        } else if (!std::exchange(told_memory_unknown_, true)) {
            log_warn("app.{}.max_rss has no effect on a worker whose memory is unknown: {}",
                     task_.app.name, memory.error().message);
        }
    }
}

}  // namespace bundle
