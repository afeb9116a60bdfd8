// One worker's rows of the scoreboard, one for each of its threads, as the arbiter sees them.
#pragma once
#include <span>

#include "backend/worker_table.hpp"
#include "shared/wire/scoreboard.hpp"

namespace bundle {

// A worker says which of its threads serves when it is ready for requests.
[[nodiscard]] bool has_booted(std::span<const wire::WorkerRow> rows);
void empty(std::span<wire::WorkerRow> rows);
[[nodiscard]] bool is_busy(const wire::WorkerRow& row);
// Of the requests that run; the clock's epoch when there is none.
[[nodiscard]] WorkerTable::Moment latest_deadline(std::span<const wire::WorkerRow> rows);

}  // namespace bundle
