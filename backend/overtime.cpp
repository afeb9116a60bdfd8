#include "backend/overtime.hpp"

#include <algorithm>

#include "backend/worker_rows.hpp"

namespace bundle {

namespace {

constexpr auto kNever = Overtime::Moment::max();

Overtime::Moment moment(std::int64_t nanoseconds) {
    return Overtime::Moment(std::chrono::nanoseconds(nanoseconds));
}

}  // namespace

Patience patience_with(const Config& config, const AppConfig& app) {
    Patience patience{
        .boot = app.boot_timeout, .slow_after = app.slow_after, .shortest = app.request_timeout};
    const auto also = [&](milliseconds timeout) {
        if (timeout != milliseconds::zero())
            patience.shortest = std::min(patience.shortest, timeout);
    };
    also(app.slow_after);
    for (const SiteConfig& site : config.sites)
        for (const RouteConfig& route : site.routes) also(route.request_timeout);
    return patience;
}

std::string_view option_of(TookTooLong what) {
    switch (what) {
        case TookTooLong::Boot:
            return "boot_timeout";
        case TookTooLong::Slow:
            return "slow_after";
        case TookTooLong::Request:
            break;
    }
    return "request_timeout";
}

Overtime::Moment Overtime::due(Rows rows, std::size_t row, TookTooLong what) const {
    const wire::WorkerRow& of = rows[row];
    if (what == TookTooLong::Boot) return has_booted(rows) ? kNever : born_ + patience_.boot;
    if (of.state != wire::WorkerState::Busy) return kNever;
    if (what == TookTooLong::Request) return of.deadline == 0 ? kNever : moment(of.deadline);
    const bool told = told_[row] == of.busy_since;
    const bool watched = patience_.slow_after != milliseconds::zero();
    return told || !watched ? kNever : moment(of.busy_since) + patience_.slow_after;
}

std::optional<Overtime::Case> Overtime::find(Rows rows, Moment now) const {
    for (const auto what : {TookTooLong::Boot, TookTooLong::Request, TookTooLong::Slow})
        for (std::size_t row = 0; row < rows.size(); ++row)
            if (due(rows, row, what) <= now) return Case{what, row, rows[row].busy_since};
    return std::nullopt;
}

bool Overtime::still_runs(Rows rows, Moment now) const {
    return due(rows, case_.row, case_.what) <= now &&
           (case_.what == TookTooLong::Boot || rows[case_.row].busy_since == case_.begun);
}

Overtime::Step Overtime::next(Rows rows, bool dumped, Moment now) {
    switch (stage_) {
        case Stage::Watching: {
            const auto found = find(rows, now);
            if (!found) return Step::Nothing;
            case_ = *found;
            stage_ = Stage::Dumping;
            until_ = now + kLongestDump;
            return Step::Dump;
        }
        case Stage::Dumping:
            if (!dumped && now < until_) return Step::Nothing;
            if (case_.what == TookTooLong::Slow) told_[case_.row] = case_.begun;
            stage_ = case_.what == TookTooLong::Slow ? Stage::Watching : Stage::Reported;
            return Step::Report;
        case Stage::Reported:
            if (!still_runs(rows, now)) break;
            until_ = now;
            stage_ = Stage::Aborting;
            if (!patience_.has_abort_hook || case_.what == TookTooLong::Boot)
                return next(rows, dumped, now);
            until_ += kLongestHook;
            return Step::Abort;
        case Stage::Aborting:
            if (!still_runs(rows, now)) break;
            if (now < until_) return Step::Nothing;
            stage_ = Stage::Killed;
            return Step::Kill;
        case Stage::Killed:
            return Step::Nothing;
    }
    stage_ = Stage::Watching;  // it ended in time after all
    return Step::Nothing;
}

Overtime::Moment Overtime::look_at(Rows rows, Moment now) const {
    if (stage_ == Stage::Killed) return kNever;
    if (stage_ != Stage::Watching) return until_;
    Moment earliest = now + patience_.shortest;
    for (const auto what : {TookTooLong::Boot, TookTooLong::Request, TookTooLong::Slow})
        for (std::size_t row = 0; row < rows.size(); ++row)
            earliest = std::min(earliest, due(rows, row, what));
    return earliest;
}

}  // namespace bundle
