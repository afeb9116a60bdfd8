#include "backend/death.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>

#include <chrono>
#include <string>

#include "backend/worker_rows.hpp"
#include "shared/base/death_cause.hpp"
#include "shared/base/exit_status.hpp"
#include "shared/base/log.hpp"
#include "shared/config/units.hpp"
#include "shared/wire/request_in_flight.hpp"

namespace bundle {

namespace {

// Once it has booted, the application exits with a number of its own.
std::string_view meaning_of_exit(int status, bool booted) {
    if (booted) return "";
    if (status == kExitWorkerFailed) return " meaning=\"it could not boot\"";
    if (status == kExitAppNotLoaded) return " meaning=\"the application could not be loaded\"";
    return "";
}

Memory memory_at(const Death& death) {
    return death.out_of_memory ? Memory::RanOut : Memory::WasThere;
}

// Before it had booted.
bool left_as_told(const Death& death) {
    const auto& status = death.wait_status;
    return death.told_to_leave && status && WIFSIGNALED(*status) && WTERMSIG(*status) == SIGTERM;
}

std::string cause_of(const Death& death, bool booted) {
    if (!death.wait_status) return "cause=unknown";
    const int status = *death.wait_status;
    if (WIFEXITED(status))
        return fmt::format("exit={}{}", WEXITSTATUS(status),
                           meaning_of_exit(WEXITSTATUS(status), booted));
    if (left_as_told(death)) return "signal=SIGTERM sent_by=bundle why=told_to_leave";
    return death_cause(status, death.killed_for, memory_at(death));
}

}  // namespace

std::string end_of(const Death& death) {
    if (!death.wait_status) return "unknown";
    if (left_as_told(death)) return "left";
    return death_reason(*death.wait_status, death.killed_for, memory_at(death));
}

std::string end_in_words(const Death& death) {
    const auto& status = death.wait_status;
    if (status && WIFEXITED(*status)) return fmt::format("exit status {}", WEXITSTATUS(*status));
    if (!status) return "how is not known";
    return fmt::format("{}{}", death.out_of_memory ? "" : "signal ", end_of(death));
}

std::uint64_t requests_served(std::span<const wire::WorkerRow> rows) {
    std::uint64_t sum = 0;
    for (const wire::WorkerRow& row : rows) sum += row.requests;
    return sum;
}

void log_death(const Death& death, std::span<const wire::WorkerRow> rows, LogLevel usual) {
    std::string requests;
    for (const wire::WorkerRow& row : rows) requests += request_in_flight(row);
    const auto& status = death.wait_status;
    const bool well = status && WIFEXITED(*status) && WEXITSTATUS(*status) == kExitWell;
    const bool left = (well || left_as_told(death)) && requests.empty();
    const std::chrono::duration<double> age = std::chrono::steady_clock::now() - death.worker.born;
    const auto peak_mib = static_cast<std::uint64_t>(death.usage.ru_maxrss) >> 10U;
    log_of(left ? usual : LogLevel::Warn, id_in_flight(rows),
           fmt::format("worker {} slot={} pid={} {} peak_memory={} age={:.1f}s served={}{}",
                       left ? "left" : "died", death.worker.slot, death.worker.pid,
                       cause_of(death, has_booted(rows)), config::print_size({peak_mib << 20U}),
                       age.count(), requests_served(rows), requests));
}

}  // namespace bundle
