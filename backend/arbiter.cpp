#include "backend/arbiter.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>

#include "backend/leaving.hpp"
#include "backend/output/log_text.hpp"
#include "backend/python/without_gil.hpp"
#include "backend/worker.hpp"
#include "backend/worker_rows.hpp"
#include "shared/base/exit_status.hpp"
#include "shared/base/log.hpp"
#include "shared/base/process_title.hpp"

namespace bundle {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr std::string_view kGracefulTimeout = "graceful_timeout";

// All that signal handlers can reach.
std::atomic<int> wake_descriptor = -1;
std::atomic<bool> sigterm_came = false;

void note_signal(int number) {
    const int interrupted_error = errno;
    if (number == SIGTERM) sigterm_came = true;
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = write(wake_descriptor, &one, sizeof one);
    errno = interrupted_error;
}

void note_signals(int wake) {
    wake_descriptor = wake;
    struct sigaction note {};
    note.sa_handler = note_signal;
    note.sa_flags = SA_RESTART | SA_NOCLDSTOP;
    for (const int number : {SIGCHLD, SIGTERM}) sigaction(number, &note, nullptr);
}

// While this lives, SIGTERM and SIGCHLD wait: a child must not run the arbiter's handlers, and a
// SIGTERM that comes before it has its own must not be lost.
class SignalsHeld {
  public:
    SignalsHeld() {
        sigset_t held;
        sigemptyset(&held);
        sigaddset(&held, SIGTERM);
        sigaddset(&held, SIGCHLD);
        sigprocmask(SIG_BLOCK, &held, &before_);
    }
    SignalsHeld(const SignalsHeld&) = delete;
    SignalsHeld& operator=(const SignalsHeld&) = delete;
    ~SignalsHeld() { sigprocmask(SIG_SETMASK, &before_, nullptr); }

  private:
    sigset_t before_{};
};

}  // namespace

Result<Arbiter> Arbiter::create(const ArbiterTask& task, OwnedFd control,
                                wire::Scoreboard scoreboard) {
    const std::size_t needed = std::size_t{task.app.most_workers()} * task.app.threads;
    if (scoreboard.rows().size() < needed)
        return failure(fmt::format("the scoreboard has {} rows where {} are needed",
                                   scoreboard.rows().size(), needed));
    OwnedFd wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!wake) return system_failure("make an eventfd");
    return Arbiter(task, std::move(control), std::move(scoreboard), std::move(wake));
}

Arbiter::Arbiter(const ArbiterTask& task, OwnedFd control, wire::Scoreboard scoreboard,
                 OwnedFd wake)
    : task_(task),
      control_(std::move(control)),
      wake_(std::move(wake)),
      scoreboard_(std::move(scoreboard)),
      table_(task.app.workers.min),
      recycling_(task.app, room_for_workers()),
      max_requests_(room_for_workers()) {
    empty(rows());  // an arbiter before us may have died
}

int Arbiter::run() {
    note_signals(wake_.get());
    tell_master({.type = wire::ControlType::Ready, .app = task_.app.name, .text = {}});
    complain(task_.hooks.nworkers_changed(task_.app.workers.min, std::nullopt));
    for (;;) {
        spawn_who_is_due();
        if (stopping_ && table_.running().empty()) break;
        wait();
        for (CapturedOutput& output : outputs_) output.flush_overdue(steady_clock::now());
        note_ready();
        reap();
        if (sigterm_came) stop(task_.app.graceful_timeout, kGracefulTimeout);
        recycle();
        enforce_deadline();
        for (WorkerWatch& watch : watches_) look_at(watch);
    }
    complain(task_.hooks.on_exit());
    return exit_status_;
}

void Arbiter::look_at(WorkerWatch& watch) const {
    const auto now = steady_clock::now();
    watch.look(now);
    if (auto stacks = watch.asked_stacks(now)) tell_stacks(watch.pid(), std::move(*stacks));
}

void Arbiter::tell_stacks(pid_t worker, std::string stacks) const {
    tell_master({.type = wire::ControlType::Stacks,
                 .count = static_cast<std::uint32_t>(worker),
                 .app = task_.app.name,
                 .text = std::move(stacks)});
}

void Arbiter::note_ready() {
    if (ready_) return;
    for (const wire::WorkerRow& row : rows())
        ready_ = ready_ || row.state == wire::WorkerState::Idle || is_busy(row);
    if (ready_) complain(task_.hooks.when_ready());
}

void Arbiter::spawn_who_is_due() {
    while (const auto slot = table_.due(steady_clock::now())) spawn(*slot);
}

void Arbiter::spawn(std::uint32_t slot) {
    const auto now = steady_clock::now();
    empty(rows_of(slot));  // of a worker under an arbiter before us
    for (wire::WorkerRow& row : rows_of(slot)) {
        row.generation = task_.generation;
        row.born = std::chrono::nanoseconds(now.time_since_epoch()).count();
        row.state = wire::WorkerState::Booting;
    }

    max_requests_[slot] = recycling_.born(slot);

    auto output = make_output_pipe();
    if (!output) return not_born(slot, output.error().message);
    auto stacks = StackDump::create();
    if (!stacks) return not_born(slot, stacks.error().message);
    tell_alive();
    if (const auto hooked = task_.hooks.pre_fork(slot); !hooked)
        return not_born(slot, hooked.error().message);
    const pid_t arbiter = getpid();
    const SignalsHeld held;
    PyOS_BeforeFork();
    const pid_t pid = fork();
    if (pid == 0) become_worker(slot, arbiter, std::move(*output), std::move(*stacks));
    const int error = errno;
    PyOS_AfterFork_Parent();
    if (pid < 0) return not_born(slot, std::strerror(error));
    if (task_.app.capture_output)
        outputs_.emplace_back(std::move(output->read), worker_name(slot), pid, rows_of(slot));
    log_event(task_.development.usual(), "worker born slot={} pid={}", slot, pid);
    complain(task_.hooks.born(pid));
    table_.born(slot, pid, now);
    watches_.emplace_back(task_.patience, WorkerTable::Worker{slot, pid, now}, rows_of(slot),
                          std::move(*stacks), [this](std::string text) {
                              tell_master({.type = wire::ControlType::SlowRequest,
                                           .app = task_.app.name,
                                           .text = std::move(text)});
                          });
}

void Arbiter::not_born(std::uint32_t slot, std::string_view why) {
    log_error("no worker slot={}{}", slot, indented_lines(why));
    empty(rows_of(slot));
    table_.not_born(slot, steady_clock::now());
}

std::string Arbiter::worker_name(std::uint32_t slot) const {
    return fmt::format("{} worker {}", task_.app.name, slot);
}

void Arbiter::become_worker(std::uint32_t slot, pid_t arbiter, Pipe output,
                            const StackDump& stacks) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != arbiter) _exit(kExitFailed);  // it died before that
    // By itself: the front reads it as soon as the worker has connected.
    for (wire::WorkerRow& row : rows_of(slot)) row.pid = static_cast<std::uint32_t>(getpid());
    // Kept open, this one would hide our arbiter's death from the master.
    control_ = OwnedFd();
    wake_descriptor = -1;
    outputs_.clear();
    watches_.clear();
    LogTarget target = log_target();
    target.process = worker_name(slot);
    set_log_target(std::move(target));
    set_process_title("bundle-backend: " + worker_name(slot));
    if (task_.app.capture_output) {
        if (const auto captured = write_output_to(output.write); !captured)
            log_error("its output goes to the log untagged: {}", captured.error().message);
    }
    output = {};
    PyOS_AfterFork_Child();
    run_worker(
        {
            .config = task_.app,
            .generation = task_.generation,
            .slot = slot,
            .front = task_.front,
            .arbiter = wake_.get(),
            .arbiter_pid = arbiter,
            .stacks = stacks.memory(),
            .module = task_.module,
            .hooks = task_.hooks,
            .development = task_.development,
            .import_ended = import_ended_,
            .max_requests = max_requests_[slot],
            .tells_cost = task_.tells_cost,
            .host = task_.host,
        },
        rows_of(slot), task_.application);
}

std::optional<Arbiter::Moment> Arbiter::wake_at() const {
    const auto now = steady_clock::now();
    Moment earliest = Moment::max();
    for (const auto& next : {table_.next_due(), kill_at_, recycling_.next_look()})
        earliest = std::min(earliest, next.value_or(Moment::max()));
    for (const WorkerWatch& watch : watches_) earliest = std::min(earliest, watch.look_at(now));
    for (const CapturedOutput& output : outputs_)
        earliest = std::min(earliest, output.flush_at().value_or(Moment::max()));
    return earliest == Moment::max() ? std::nullopt : std::optional(earliest);
}

void Arbiter::wait() {
    timespec timeout{};
    const auto until = wake_at();
    if (until) {
        const std::chrono::nanoseconds left =
            std::max<Moment::duration>(*until - steady_clock::now(), Moment::duration::zero());
        timeout.tv_sec = std::chrono::floor<std::chrono::seconds>(left).count();
        timeout.tv_nsec = (left % std::chrono::seconds(1)).count();
    }
    std::vector<pollfd> watched = {
        pollfd{.fd = control_ ? control_.get() : -1, .events = POLLIN, .revents = 0},
        pollfd{.fd = wake_.get(),                    .events = POLLIN, .revents = 0},
    };
    for (CapturedOutput& output : outputs_) {
        output.look();
        watched.push_back({.fd = output.fd(), .events = POLLIN, .revents = 0});
    }
    {
        // What hooks have started may run, a server of metrics for example.
        std::optional<WithoutGil> others_run;
        if (task_.hooks) others_run.emplace();
        if (ppoll(watched.data(), watched.size(), until ? &timeout : nullptr, nullptr) <= 0) return;
    }
    if (watched[1].revents != 0) {
        std::uint64_t signals = 0;
        [[maybe_unused]] const ssize_t got = read(wake_.get(), &signals, sizeof signals);
    }
    if (watched[0].revents != 0) obey_master();
    read_output();
}

void Arbiter::read_output() {
    std::erase_if(outputs_, [](CapturedOutput& output) { return !output.read(); });
}

void Arbiter::tell_master(const wire::ControlMessage& message) const {
    const auto told = wire::send_control(control_.get(), message);
    if (!told) log_error("{}", told.error().message);
}

void Arbiter::obey_master() {
    std::vector<OwnedFd> descriptors;
    const auto message = wire::receive_control(control_.get(), descriptors);
    if (!message) {
        log_error("cannot understand the master: {}", message.error().message);
        return;
    }
    if (!*message) {
        log_error("the master is gone, leaving");
        control_ = OwnedFd();
        exit_status_ = kExitFailed;
        stop(milliseconds::zero(), "master_gone");
    } else if ((*message)->type == wire::ControlType::Drain) {
        stop(task_.app.graceful_timeout, kGracefulTimeout);
    } else if ((*message)->type == wire::ControlType::Reloading) {
        complain(task_.hooks.on_reload());
        tell_master({.type = wire::ControlType::Noted, .app = task_.app.name, .text = {}});
    } else if ((*message)->type == wire::ControlType::Retire) {
        retire();
    } else if ((*message)->type == wire::ControlType::Ping) {
        tell_alive();
    } else if ((*message)->type == wire::ControlType::Scale) {
        scale((*message)->count);
    } else if ((*message)->type == wire::ControlType::TellStacks) {
        const auto worker = static_cast<pid_t>((*message)->count);
        const auto watch = std::ranges::find(watches_, worker, &WorkerWatch::pid);
        if (watch == watches_.end()) return tell_stacks(worker, "");
        watch->ask_stacks(steady_clock::now());
    } else if ((*message)->type == wire::ControlType::Unresponsive) {
        const auto worker = static_cast<pid_t>((*message)->count);
        const auto watch = std::ranges::find(watches_, worker, &WorkerWatch::pid);
        if (watch != watches_.end()) watch->end(kBeginsNothing, steady_clock::now());
    } else if ((*message)->type == wire::ControlType::Logs && !descriptors.empty()) {
        continue_output_in(descriptors.front());
    } else if ((*message)->type == wire::ControlType::Hurry) {
        tell_all_to_leave(kLeaveInAHurry);
        stop(kHurry, "stop");
    }
}

void Arbiter::stop(milliseconds grace, std::string_view why) {
    const Moment kill_at = steady_clock::now() + grace;
    if (!stopping_ || retiring_) {
        stopping_ = true;
        retiring_ = false;
        table_.stop_spawning();
        tell_all_to_leave();
    } else if (!kill_at_ || *kill_at_ <= kill_at) {
        return;
    }
    kill_at_ = kill_at;
    kill_for_ = why;
}

void Arbiter::enforce_deadline() {
    kill_overdue();
    if (!kill_at_ || steady_clock::now() < *kill_at_) return;
    for (WorkerWatch& watch : watches_) watch.end(kill_for_, steady_clock::now());
    kill_at_.reset();
}

std::span<wire::WorkerRow> Arbiter::rows() const {
    return scoreboard_.rows().first(std::size_t{table_.slots()} * task_.app.threads);
}

std::span<wire::WorkerRow> Arbiter::rows_of(std::uint32_t slot) const {
    return scoreboard_.rows().subspan(std::size_t{slot} * task_.app.threads, task_.app.threads);
}

void Arbiter::tell_all_to_leave(int value) {
    for (const WorkerTable::Worker& worker : table_.running()) tell_to_leave(worker.pid, value);
}

void Arbiter::tell_to_leave(pid_t worker, int value) {
    const auto watch = std::ranges::find(watches_, worker, &WorkerWatch::pid);
    if (watch != watches_.end()) watch->told_to_leave();
    sigqueue(worker, SIGTERM, {.sival_int = value});
}

}  // namespace bundle
