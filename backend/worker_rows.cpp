#include "backend/worker_rows.hpp"

#include <algorithm>
#include <chrono>

namespace bundle {

bool has_booted(std::span<const wire::WorkerRow> rows) { return rows.front().thread != 0; }

void empty(std::span<wire::WorkerRow> rows) {
    for (wire::WorkerRow& row : rows) {
        row.state = wire::WorkerState::Empty;
        row.pid = 0;
        row.stream = 0;
        row.busy_since = 0;
        row.deadline = 0;
        row.requests = 0;
        row.thread = 0;
        wire::write_text(row.request_id, "");
        wire::write_text(row.request_line, "");
    }
}

bool is_busy(const wire::WorkerRow& row) { return row.state == wire::WorkerState::Busy; }

WorkerTable::Moment latest_deadline(std::span<const wire::WorkerRow> rows) {
    std::int64_t latest = 0;
    for (const wire::WorkerRow& row : rows)
        if (is_busy(row)) latest = std::max<std::int64_t>(latest, row.deadline);
    return WorkerTable::Moment(std::chrono::nanoseconds(latest));
}

}  // namespace bundle
