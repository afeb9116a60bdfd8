#include "backend/worker.hpp"

#include <signal.h>
#include <unistd.h>

#include <thread>
#include <vector>

#include "backend/leaving.hpp"
#include "backend/output/log_text.hpp"
#include "backend/python/application.hpp"
#include "backend/python/interpreter.hpp"
#include "backend/python/without_gil.hpp"
#include "backend/serving_thread.hpp"
#include "shared/base/exit_status.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace {

// With the GIL held, which is let go while there is nothing to do. Each thread has a gateway of its
// own: what it keeps from one request to the next needs no lock.
void serve(const WorkerPlace& place, std::uint32_t number, wire::WorkerRow& row,
           PyObject* application) {
    row.pid = static_cast<std::uint32_t>(getpid());
    auto gateway = Gateway::create(application, place.facts);
    if (!gateway) {
        log_error("cannot boot: {}", gateway.error().message);
        _exit(kExitWorkerFailed);
    }
    ServingThread(place, number, row, *gateway).run();
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

}  // namespace

PyObject* import_in_worker(const AppConfig& app) {
    ::signal(SIGTERM, SIG_DFL);
    sigset_t nothing;
    sigemptyset(&nothing);
    sigprocmask(SIG_SETMASK, &nothing, nullptr);
    auto application = load_application(app);
    if (!application) {
        log_error("cannot boot{}", indented_lines(application.error().message));
        _exit(kExitAppNotLoaded);
    }
    freeze_memory();
    return application->release().ptr();
}

void run_worker(const WorkerPlace& place, std::span<wire::WorkerRow> rows, PyObject* application) {
    leave_on_sigterm();
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
    run_exit_functions();
    _exit(kExitWell);
}

}  // namespace bundle
