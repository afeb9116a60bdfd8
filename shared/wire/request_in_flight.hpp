// The request that a row of the scoreboard tells of, as log records name it.
#pragma once
#include <span>
#include <string>

#include "shared/wire/scoreboard.hpp"

namespace bundle {

// ` request="GET /cart" request_id=... client="192.0.2.1" queued=0.002s elapsed=3.001s`; "" when
// there is none.
std::string request_in_flight(const wire::WorkerRow& row);

// Of the first that `rows` tell of; "": of none.
std::string id_in_flight(std::span<const wire::WorkerRow> rows);

}  // namespace bundle
