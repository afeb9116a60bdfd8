// The master and the ends of its children: why they ended, and who went with them.
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <utility>

#include "shared/base/death_cause.hpp"
#include "shared/base/log.hpp"
#include "shared/base/signal_name.hpp"
#include "shared/config/units.hpp"
#include "shared/master/master.hpp"
#include "shared/wire/request_in_flight.hpp"

namespace bundle {

namespace {

std::string in_seconds(milliseconds length) {
    return fmt::format("{:g}s", static_cast<double>(length.count()) / 1000);
}

std::string what_next(std::optional<milliseconds> restart_after) {
    if (!restart_after) return "";
    if (*restart_after == milliseconds::zero()) return ", starting it again";
    return ", starting it again in " + in_seconds(*restart_after);
}

// For who waits for a reload; the log has it all.
std::string cause(const Ending& ending) {
    return ending.signal == 0 ? fmt::format("exit={}", ending.status)
                              : "signal=" + signal_name(ending.signal);
}

}  // namespace

// We may be process 1 of a container: then orphans that we never started end here, too.
void Master::reap() {
    int status = 0;
    rusage usage{};
    for (pid_t pid = 0; (pid = wait4(-1, &status, WNOHANG, &usage)) > 0;) {
        const auto child = std::ranges::find_if(
            children_, [pid](const auto& entry) { return entry.second.pid() == pid; });
        if (child != children_.end()) {
            bury(child->first, status, static_cast<std::uint64_t>(usage.ru_maxrss));
        } else if (check_) {
            check_->bury(pid, status);
        }
    }
}

void Master::bury(ChildNumber number, int wait_status, std::uint64_t peak_kib) {
    Child& child = children_.at(number);
    for (const wire::ControlMessage& message : child.last_words()) hear(number, message);
    const pid_t pid = child.pid();
    const Memory memory = oom_kills_.went_up() ? Memory::RanOut : Memory::WasThere;
    const std::string why = death_cause(wait_status, child.killed_for(), memory);
    std::string reason = death_reason(wait_status, child.killed_for(), memory);
    child.gone();

    const auto now = Moment::clock::now();
    const std::chrono::duration<double> age = now - supervision_.children().at(number).since;
    const Ending ending{WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 0,
                        WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : 0};
    const auto next = supervision_.died(number, ending, now);
    const bool expected = !next && ending.status == 0 && ending.signal == 0;
    if (expected) {
        log_event(usual(), "{} left pid={}", child.name(), pid);
    } else {
        log_event(supervision_.stopping() ? LogLevel::Warn : LogLevel::Error,
                  "{} died pid={} {} peak_memory={} age={:.1f}s{}", child.name(), pid, why,
                  config::print_size({peak_kib / 1024 << 20U}), age.count(), what_next(next));
        tell_who_died_with(number);
    }
    if (next) count_restart(number, std::move(reason));
    lost_in_reload(number, cause(ending));
    former_workers_.erase(number);
    no_status_from(number);
    no_stacks_from(number);
    if (!current_.has(number)) children_.erase(number);
}

// The front shows it. A new one is told when it is up.
void Master::count_restart(ChildNumber number, std::string reason) {
    const bool is_front = supervision_.children().at(number).is_front;
    ++restarts_[{is_front ? "front" : "arbiter", std::move(reason)}];
    if (!is_front) tell_of_restarts(current_.front);
}

void Master::tell_of_restarts(ChildNumber front) {
    for (const auto& [of, count] : restarts_)
        children_.at(front).tell({.type = wire::ControlType::Restarts,
                                  .count = count,
                                  .app = of.first,
                                  .text = of.second});
}

// An arbiter's workers end with it, and nobody else is left to tell of them.
void Master::tell_who_died_with(ChildNumber number) const {
    if (!current_.has_arbiter(number)) return;
    std::uint32_t told = 0;  // threads have a row each
    for (const wire::WorkerRow& row :
         current_.scoreboards.at(number - current_.first_arbiter).used_rows()) {
        const std::uint32_t pid = row.state == wire::WorkerState::Empty ? 0 : row.pid.load();
        const std::string request = request_in_flight(row);
        if (pid == 0 || (pid == std::exchange(told, pid) && request.empty())) continue;
        log_of(LogLevel::Warn, id_in_flight({&row, 1}),
               fmt::format("worker died with its arbiter pid={} served={}{}", pid,
                           row.requests.load(), request));
    }
}

}  // namespace bundle
