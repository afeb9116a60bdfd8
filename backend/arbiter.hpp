// The arbiter of one application: keeps the number of its workers, obeys the master, and never sees
// a request.
//
// One thread and one loop around ppoll(2), no libuv: fork safety comes first. It keeps the GIL
// while it waits, unless there are hooks, so that threads which the application's import left
// behind stand still in a process that serves nothing.
//
// Signals reach the loop through an eventfd that their handlers write to. A signalfd would miss
// those that the kernel delivers to such a leftover thread, whose mask we do not control.
#pragma once
#include <pybind11/pybind11.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "backend/death.hpp"
#include "backend/dev/development.hpp"
#include "backend/output/captured_output.hpp"
#include "backend/python/bundle_module.hpp"
#include "backend/python/hooks.hpp"
#include "backend/recycling.hpp"
#include "backend/worker_table.hpp"
#include "backend/worker_watch.hpp"
#include "shared/base/oom_kills.hpp"
#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"
#include "shared/config/config.hpp"
#include "shared/wire/control.hpp"
#include "shared/wire/scoreboard.hpp"

namespace bundle {

struct ArbiterTask {
    const AppConfig& app;
    std::string front;  // path of the unix socket where the front listens for workers
    std::string host;   // that clients ask for, as far as the configuration tells
    std::uint32_t generation = 0;
    bool tells_cost = false;          // workers, of each request
    PyObject* application = nullptr;  // not owned; null when each worker imports it for itself
    const BundleModule& module;
    const Hooks& hooks;
    const Development& development;
    Patience patience;
};

class Arbiter {
  public:
    // `control` speaks with the master. The scoreboard has a row for each thread of each worker.
    static Result<Arbiter> create(const ArbiterTask& task, OwnedFd control,
                                  wire::Scoreboard scoreboard);

    // Tells the master that the application is loaded, then runs until the master wants no more
    // workers, or is gone. Returns the exit status of this process.
    int run();

  private:
    using Moment = WorkerTable::Moment;

    static constexpr std::chrono::milliseconds kHurry{1'000};

    Arbiter(const ArbiterTask& task, OwnedFd control, wire::Scoreboard scoreboard, OwnedFd wake);

    void spawn_who_is_due();
    void spawn(std::uint32_t slot);
    [[noreturn]] void become_worker(std::uint32_t slot, pid_t arbiter, Pipe output,
                                    const StackDump& stacks);
    void not_born(std::uint32_t slot, std::string_view why);
    [[nodiscard]] std::string worker_name(std::uint32_t slot) const;

    void wait();
    void tell_master(const wire::ControlMessage& message) const;
    // Before what may take its time: the master is to count that alone.
    void tell_alive() const {
        tell_master({.type = wire::ControlType::Alive, .app = {}, .text = {}});
    }
    [[nodiscard]] std::optional<Moment> wake_at() const;
    void obey_master();
    void enforce_deadline();

    void look_at(WorkerWatch& watch) const;
    void tell_stacks(pid_t worker, std::string stacks) const;
    void read_output();
    void note_ready();
    void reap();
    void bury(Death death);
    [[nodiscard]] bool is_shown(const Death& death, const std::string& why_not_booted) const;
    void give_up_on_booting(const WorkerTable::Worker& worker, int status, const std::string& why);

    void recycle();
    void finish_replacement();
    void look_at_memory();

    void scale(std::uint32_t workers);
    void kill_overdue();  // of those that were too many
    void retire();
    // SIGTERM to all workers, SIGKILL to those that are left after `grace`, for which the log gives
    // `why` as the reason.
    void stop(std::chrono::milliseconds grace, std::string_view why);
    void tell_all_to_leave(int value = 0);
    // With SIGTERM, to which an import that is under way gives in.
    void tell_to_leave(pid_t worker, int value = 0);
    [[nodiscard]] std::uint32_t room_for_workers() const {
        return static_cast<std::uint32_t>(scoreboard_.rows().size() / task_.app.threads);
    }
    // Of all slots; the scoreboard has room for more.
    [[nodiscard]] std::span<wire::WorkerRow> rows() const;
    // One for each thread.
    [[nodiscard]] std::span<wire::WorkerRow> rows_of(std::uint32_t slot) const;

    ArbiterTask task_;
    OwnedFd control_;  // none once the master is gone
    OwnedFd wake_;
    wire::Scoreboard scoreboard_;
    WorkerTable table_;
    Recycling recycling_;
    std::vector<std::uint64_t> max_requests_;  // of each slot's worker; 0: unlimited
    bool told_memory_unknown_ = false;
    std::vector<CapturedOutput> outputs_;
    std::vector<WorkerWatch> watches_;  // one for each that runs
    OomKills oom_kills_;
    bool stopping_ = false;
    bool retiring_ = false;  // stopping, and the workers are the front's to send away
    std::optional<Moment> kill_at_;
    std::string_view kill_for_;
    bool a_worker_booted_ = false;
    std::string import_ended_;  // and took its worker along; what clients are shown then
    Moment import_ended_at_{};
    bool ready_ = false;  // a worker has connected to the front
    int exit_status_ = 0;
};

}  // namespace bundle
