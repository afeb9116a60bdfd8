#include "backend/worker_watch.hpp"

#include <fmt/format.h>
#include <signal.h>

#include "backend/output/log_text.hpp"
#include "backend/request_in_flight.hpp"
#include "backend/stacks_text.hpp"
#include "shared/base/log.hpp"

namespace bundle {

void WorkerWatch::look(Moment now) {
    for (;;) {
        const bool dumped = overtime_.awaits_dump() && dump_.is_complete();
        switch (overtime_.next(rows_, dumped, now)) {
            case Overtime::Step::Nothing:
                return;
            case Overtime::Step::Dump:
                request_ = request_in_flight(rows_[overtime_.current().row]);
                dump_.ask(worker_.pid);
                return;
            case Overtime::Step::Report:
                report();
                break;
            case Overtime::Step::Abort:
                ask_for_call(worker_.pid);
                return;
            case Overtime::Step::Kill:
                return kill(option_of(overtime_.current().what));
        }
    }
}

void WorkerWatch::kill(std::string_view why) {
    if (killed_for_.empty()) killed_for_ = why;
    ::kill(worker_.pid, SIGKILL);
}

std::string_view WorkerWatch::killed_for() const {
    return overtime_.is_aborting() ? option_of(overtime_.current().what) : killed_for_;
}

void WorkerWatch::report() const {
    const Overtime::Case& found = overtime_.current();
    const std::string_view next = found.what == TookTooLong::Slow ? "it goes on" : "killing it";
    std::string stacks = stacks_text(dump_.text(), rows_[found.row].thread);
    if (!dump_.is_complete()) stacks += "\n(it did not tell more within a second)";
    log_warn("worker passed {}, {} slot={} pid={}{}{}", option_of(found.what), next, worker_.slot,
             worker_.pid, request_, indented_lines(stacks));
}

}  // namespace bundle
