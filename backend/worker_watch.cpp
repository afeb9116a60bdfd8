#include "backend/worker_watch.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>

#include "backend/output/log_text.hpp"
#include "backend/stacks_text.hpp"
#include "shared/base/log.hpp"
#include "shared/wire/request_in_flight.hpp"
#include "shared/wire/slow_request.hpp"

namespace bundle {

void WorkerWatch::look(Moment now) {
    if (!killed_for_.empty()) return;
    if (!ends_for_.empty()) {
        if (!dump_.is_complete() && now < ends_at_) return;
        report_end();
        return kill(ends_for_);
    }
    for (;;) {
        const bool dumped = overtime_.awaits_dump() && dump_.is_complete();
        switch (overtime_.next(rows_, dumped, now)) {
            case Overtime::Step::Nothing:
                return;
            case Overtime::Step::Dump:
                note_request(rows_[overtime_.current().row]);
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

WorkerWatch::Moment WorkerWatch::look_at(Moment now) const {
    if (!killed_for_.empty()) return Moment::max();
    const Moment next = ends_for_.empty() ? overtime_.look_at(rows_, now) : ends_at_;
    return std::min(next, tell_by_.value_or(Moment::max()));
}

void WorkerWatch::ask_stacks(Moment now) {
    tell_by_ = now + Overtime::kLongestDump;
    dump_.ask(worker_.pid);
}

std::optional<std::string> WorkerWatch::asked_stacks(Moment now) {
    if (!tell_by_ || (!dump_.is_complete() && now < *tell_by_)) return std::nullopt;
    tell_by_.reset();
    const InFlight requests = in_flight();
    return fmt::format("worker slot={} pid={}{}\n{}", worker_.slot, worker_.pid, requests.requests,
                       told_stacks(requests.thread));
}

void WorkerWatch::end(std::string_view why, Moment now) {
    if (!killed_for_.empty() || !ends_for_.empty()) return;
    ends_for_ = why;
    ends_at_ = now + Overtime::kLongestDump;
    dump_.ask(worker_.pid);
}

void WorkerWatch::kill(std::string_view why) {
    killed_for_ = why;
    ::kill(worker_.pid, SIGKILL);
}

std::string_view WorkerWatch::killed_for() const {
    return overtime_.is_aborting() ? option_of(overtime_.current().what) : killed_for_;
}

void WorkerWatch::note_request(const wire::WorkerRow& row) {
    request_ = request_in_flight(row);
    request_id_ = wire::read_text(row.request_id);
    request_line_ = wire::read_text(row.request_line);
}

void WorkerWatch::report() const {
    const Overtime::Case& found = overtime_.current();
    const std::string_view next = found.what == TookTooLong::Slow ? "it goes on" : "killing it";
    const std::string stacks = told_stacks(rows_[found.row].thread);
    log_of(LogLevel::Warn, request_.empty() ? "" : request_id_,
           fmt::format("worker passed {}, {} slot={} pid={}{}{}", option_of(found.what), next,
                       worker_.slot, worker_.pid, request_, indented_lines(stacks)));
    if (found.what != TookTooLong::Boot && !request_.empty())
        tell_slow_(
            wire::encode_slow_request({request_id_, request_line_, stack_of_request(stacks)}));
}

std::string WorkerWatch::why_not_booted() const {
    if (killed_for() == option_of(TookTooLong::Boot))
        return fmt::format("it took longer than {}; it stands here\n{}", killed_for(),
                           told_stacks(0));
    return dump_.last_words();
}

void WorkerWatch::report_end() const {
    const InFlight requests = in_flight();
    log_of(LogLevel::Warn, id_in_flight(rows_),
           fmt::format("worker {}, killing it slot={} pid={} why={}{}{}",
                       ends_for_ == kBeginsNothing ? "begins no request" : "did not leave in time",
                       worker_.slot, worker_.pid, ends_for_, requests.requests,
                       indented_lines(told_stacks(requests.thread))));
}

WorkerWatch::InFlight WorkerWatch::in_flight() const {
    InFlight all;
    for (const wire::WorkerRow& row : rows_) {
        const std::string request = request_in_flight(row);
        if (!request.empty()) all.thread = row.thread;
        all.requests += request;
    }
    if (all.requests.empty()) all.requests = " request=none";
    return all;
}

std::string WorkerWatch::told_stacks(std::uint64_t thread) const {
    std::string stacks = stacks_text(dump_.text(), thread);
    if (!dump_.is_complete()) stacks += "\n(it did not tell more within a second)";
    return stacks;
}

}  // namespace bundle
