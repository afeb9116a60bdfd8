#include "shared/wire/request_in_flight.hpp"

#include <fmt/format.h>

#include <chrono>

#include "shared/base/log.hpp"

namespace bundle {

namespace {

double seconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>(time).count();
}

}  // namespace

std::string request_in_flight(const wire::WorkerRow& row) {
    if (row.state != wire::WorkerState::Busy) return {};
    const std::chrono::nanoseconds since(row.busy_since);
    const std::chrono::nanoseconds queued(row.queued);
    return fmt::format(" request={} {} client={} queued={:.3f}s elapsed={:.3f}s",
                       log_quoted(wire::read_text(row.request_line)),
                       OfRequest{wire::read_text(row.request_id)},
                       log_quoted(wire::read_text(row.client)), seconds(since - queued),
                       seconds(std::chrono::steady_clock::now().time_since_epoch() - since));
}

std::string id_in_flight(std::span<const wire::WorkerRow> rows) {
    for (const wire::WorkerRow& row : rows)
        if (row.state == wire::WorkerState::Busy) return wire::read_text(row.request_id);
    return {};
}

}  // namespace bundle
