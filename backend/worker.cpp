#include "backend/worker.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include "backend/leaving.hpp"
#include "backend/output/log_text.hpp"
#include "backend/output/python_logging.hpp"
#include "backend/python/application.hpp"
#include "backend/python/interpreter.hpp"
#include "backend/python/stack_dump.hpp"
#include "backend/python/without_gil.hpp"
#include "backend/serving_thread.hpp"
#include "backend/warmup.hpp"
#include "shared/base/exit_status.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace {

// The arbiter hears why, too: whoever waits for a reload wants to know.
[[noreturn]] void give_up(const WorkerPlace& place, const Error& error, int status) {
    log_error("cannot boot{}", indented_lines(error.message));
    leave_last_words(place.stacks, error.message);
    _exit(status);
}

Gateway make_gateway(const WorkerPlace& place, wire::WorkerRow& row, PyObject* application) {
    auto gateway =
        Gateway::create(application, {.multithread = place.config.threads > 1,
                                      .multiprocess = place.config.workers.max > 1,
                                      .begin_request = place.hooks.begin_request(),
                                      .end_request = place.hooks.end_request(),
                                      .traceback_page = place.development.traceback_page(),
                                      .deadline_place = &row.deadline});
    if (!gateway) give_up(place, gateway.error(), kExitWorkerFailed);
    return std::move(*gateway);
}

// With the GIL held, which is let go while there is nothing to do. Each thread has a gateway of its
// own: what it keeps from one request to the next needs no lock.
void serve(const WorkerPlace& place, std::uint32_t number, wire::WorkerRow& row,
           PyObject* application) {
    row.thread = pthread_self();
    Gateway gateway = make_gateway(place, row, application);
    ServingThread(place, number, row, gateway).run();
    row.state = wire::WorkerState::Leaving;
}

// For the whole life of a thread that Python did not start.
class KnownToPython {
  public:
    KnownToPython() : state_(PyGILState_Ensure()) {}
    KnownToPython(const KnownToPython&) = delete;
    KnownToPython& operator=(const KnownToPython&) = delete;
    ~KnownToPython() { PyGILState_Release(state_); }

  private:
    PyGILState_STATE state_;
};

// SIGTERM ends an import that nobody waits for any more.
PyObject* import_here(const WorkerPlace& place) {
    ::signal(SIGTERM, SIG_DFL);
    sigset_t nothing;
    sigemptyset(&nothing);
    sigprocmask(SIG_SETMASK, &nothing, nullptr);
    auto application = place.import_ended.empty() ? place.development.load(place.config)
                                                  : place.development.stand_in(place.import_ended);
    if (!application) give_up(place, application.error(), kExitAppNotLoaded);
    freeze_memory();
    return application->release().ptr();
}

void must_be_well(const WorkerPlace& place, const Result<void>& done) {
    if (!done) give_up(place, done.error(), kExitWorkerFailed);
}

// Called when a request has passed its deadline. Whatever the hook does, that is the end.
void abort_overdue(const Hooks& hooks, std::span<const wire::WorkerRow> rows) {
    const std::chrono::nanoseconds now = std::chrono::steady_clock::now().time_since_epoch();
    const bool overdue = std::ranges::any_of(rows, [now](const wire::WorkerRow& row) {
        return row.state == wire::WorkerState::Busy && row.deadline != 0 &&
               row.deadline <= now.count();
    });
    if (!overdue) return;  // it ended in time after all
    complain(hooks.worker_abort());
    flush_output();
    ::kill(getpid(), SIGKILL);
}

}  // namespace

void run_worker(WorkerPlace place, std::span<wire::WorkerRow> rows, PyObject* application) {
    ::signal(SIGCHLD, SIG_DFL);  // the arbiter's
    if (place.hooks.has_worker_abort())
        must_be_well(place, call_when_asked([&place, rows] { abort_overdue(place.hooks, rows); }));
    must_be_well(place, answer_with_stacks(place.stacks, place.arbiter));
    const auto metrics = place.module.count_here();
    if (metrics)
        place.metrics = metrics->fd();
    else
        log_error("{}", metrics.error().message);
    must_be_well(place, configure_python_logging(place.config));
    must_be_well(place, place.hooks.post_fork());
    if (application == nullptr) application = import_here(place);
    must_be_well(place, place.hooks.post_worker_init());
    leave_on_sigterm();
    place.development.tell_sources();
    // Who writes an application is shown what it answers.
    if (!place.config.warmup.empty() && !place.development.shows_failures()) {
        Gateway gateway = make_gateway(place, rows.front(), application);
        must_be_well(place, warm_up(gateway, place.config, place.host));
    }
    if (rows.size() == 1) {
        static TitleClock clock(rows.front());
        place.title_clock = &clock;
    }
    std::vector<std::thread> others;
    for (std::uint32_t number = 1; number < rows.size(); ++number)
        others.emplace_back([&place, number, &row = rows[number], application] {
            const KnownToPython known;
            serve(place, number, row, application);
        });
    serve(place, 0, rows.front(), application);
    {
        const WithoutGil others_end;
        for (std::thread& other : others) other.join();
    }
    if (const auto sender = told_to_leave_by(); sender && *sender != getppid())
        log_info("told to leave by a SIGTERM not by bundle: process {} sent it", *sender);
    if (is_in_a_hurry()) complain(place.hooks.worker_int());
    complain(place.hooks.worker_exit());
    run_exit_functions();
    _exit(kExitWell);
}

}  // namespace bundle
