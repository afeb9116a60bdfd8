// The part of Arbiter that hears of its workers' ends, tells of them, and gives up when none boots.
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>

#include "backend/arbiter.hpp"
#include "backend/worker_rows.hpp"
#include "shared/base/exit_status.hpp"
#include "shared/base/log.hpp"
#include "shared/config/units.hpp"

namespace bundle {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

// The last line is the title of the page.
std::string told_of_import(const Death& death, const AppConfig& app, const std::string& stacks) {
    std::string text = fmt::format("app {}: {} = \"{}\" cannot be loaded\n", app.name,
                                   app.paste.empty() ? "wsgi" : "paste", app.named());
    if (!stacks.empty())
        return text + fmt::format("{}\n\nThe import took longer than app.{}.boot_timeout ({})",
                                  stacks, app.name, config::print_duration(app.boot_timeout));
    return text + fmt::format(
                      "No traceback tells why: it may be os._exit(), or a crash in a "
                      "module that is not Python's. What it printed before stands in the "
                      "log.\n\nThe process that imported the new code has ended: {}",
                      end_in_words(death));
}

}  // namespace

// Each by its pid: other children belong to the application, which may wait for them itself.
void Arbiter::reap() {
    std::vector<Death> deaths;
    for (const WorkerTable::Worker& worker : table_.running()) {
        int status = 0;
        rusage usage{};
        const pid_t reaped = wait4(worker.pid, &status, WNOHANG, &usage);
        if (reaped == worker.pid)
            deaths.push_back({.worker = worker, .wait_status = status, .usage = usage});
        if (reaped < 0 && errno == ECHILD) deaths.push_back({.worker = worker});
    }
    // The kernel may have killed several of them for one shortage.
    const bool out_of_memory = !deaths.empty() && oom_kills_.went_up();
    for (Death& death : deaths) {
        death.out_of_memory = out_of_memory;
        bury(death);
    }
}

void Arbiter::bury(Death death) {
    const WorkerTable::Worker& worker = death.worker;
    read_output();  // its last words come before the record of its death
    for (CapturedOutput& output : outputs_)
        if (output.pid() == worker.pid) output.bury();
    const auto rows = rows_of(worker.slot);
    const auto watch = std::ranges::find(watches_, worker.pid, &WorkerWatch::pid);
    death.killed_for = watch->killed_for();
    death.told_to_leave = watch->was_told_to_leave();
    log_death(death, rows, task_.development.usual());
    tell_master(
        {.type = wire::ControlType::WorkerEnded, .app = task_.app.name, .text = end_of(death)});
    const std::string why_not_booted = watch->why_not_booted();
    watches_.erase(watch);
    tell_alive();
    complain(task_.hooks.child_exit(worker.pid));
    const bool served = requests_served(rows) > 0 || std::any_of(rows.begin(), rows.end(), is_busy);
    const bool booted = has_booted(rows);
    a_worker_booted_ = a_worker_booted_ || booted;
    const bool shown = !booted && is_shown(death, why_not_booted);
    if (shown && import_ended_.empty()) {
        import_ended_at_ = steady_clock::now();
        import_ended_ = told_of_import(death, task_.app, why_not_booted);
        log_error("requests are shown that the import ended with its process, until the next save");
    }
    empty(rows);
    const Reached reached = served ? Reached::Requests : booted ? Reached::Boot : Reached::Nothing;
    const auto wait = table_.died(worker.slot, reached, steady_clock::now());
    if (wait > wait.zero() && !stopping_)
        log_warn("it died young: the next one comes in {} slot={}",
                 config::print_duration(std::chrono::duration_cast<milliseconds>(wait)),
                 worker.slot);
    // One that we killed because it did not get ready failed to boot as well.
    int status = death.killed_for == option_of(TookTooLong::Boot) ? kExitWorkerFailed : kExitWell;
    if (death.wait_status && WIFEXITED(*death.wait_status))
        status = WEXITSTATUS(*death.wait_status);
    if (!booted && !shown && (status == kExitWorkerFailed || status == kExitAppNotLoaded))
        give_up_on_booting(worker, status, why_not_booted);
}

// A worker that leaves when it is told to, or tells by itself why it cannot boot, is no news.
bool Arbiter::is_shown(const Death& death, const std::string& why_not_booted) const {
    if (stopping_ || !task_.development.shows_failures()) return false;
    const bool imported = import_ended_.empty() || death.worker.born < import_ended_at_;
    if (!imported) return false;
    const auto& status = death.wait_status;
    if (status && WIFSIGNALED(*status) && WTERMSIG(*status) == SIGTERM) return false;
    return why_not_booted.empty() || death.killed_for == option_of(TookTooLong::Boot);
}

// What keeps the first worker from booting keeps all of them: better told at once than tried for
// ever. Later it is the machine that is short of something, and that may pass; but whoever wanted
// more workers is told.
void Arbiter::give_up_on_booting(const WorkerTable::Worker& worker, int status,
                                 const std::string& why) {
    if (stopping_) return;
    const bool goes_on =
        a_worker_booted_ || std::ranges::any_of(rows(), [](const wire::WorkerRow& row) {
            return row.state == wire::WorkerState::Idle || is_busy(row);
        });
    tell_master(
        {.type = goes_on ? wire::ControlType::NotBooted : wire::ControlType::Failed,
         .count = static_cast<std::uint32_t>(status),
         .app = task_.app.name,
         .text = fmt::format("app {}: worker {} could not boot{}", task_.app.name, worker.slot,
                             why.empty() ? "; its reason stands in the log above" : ": " + why)});
    if (goes_on) return;
    exit_status_ = status;
    stop(kHurry, "stop");
}

}  // namespace bundle
