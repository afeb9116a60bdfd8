// When a worker takes too long, and what is done about it: decisions over what its rows of the
// scoreboard say. It sends no signal and has no clock of its own.
//
// A worker that does not get ready, or whose request passes its deadline, is asked where its
// threads stand, told of in the log, asked to run the hook worker_abort (where there is one and a
// request is the reason), and killed. Each wait in between is bounded, and before a step that
// cannot be taken back the same request must still be running. A request that is only slow is told
// of, once.
//
// Looking costs a walk over the rows. It is done when something can be due and not every so often:
// what a row says tells the moment exactly, and a request that begins after a look is due no sooner
// than the shortest timeout later. So an arbiter of idle workers wakes up every few seconds
// (slow_after), and is there on the millisecond when a request is overdue.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "shared/config/config.hpp"
#include "shared/wire/scoreboard.hpp"

namespace bundle {

struct Patience {
    milliseconds boot{};
    milliseconds slow_after{};  // zero: never
    milliseconds shortest{};    // of all that a request may be given, and of slow_after
    bool has_abort_hook = false;
};
Patience patience_with(const Config& config, const AppConfig& app);

// What took too long; the option that says so is its name in the log.
enum class TookTooLong { Boot, Slow, Request };
std::string_view option_of(TookTooLong what);

class Overtime {
  public:
    using Moment = std::chrono::steady_clock::time_point;
    using Rows = std::span<const wire::WorkerRow>;

    static constexpr std::chrono::milliseconds kLongestDump{1'000};
    static constexpr std::chrono::milliseconds kLongestHook{1'000};

    struct Case {
        TookTooLong what{};
        std::size_t row = 0;     // that of the request
        std::int64_t begun = 0;  // its busy_since, by which it is told from the next one
    };

    Overtime(const Patience& patience, Moment born, std::size_t rows)
        : patience_(patience), born_(born), told_(rows) {}

    // In each of them what the caller does now; it asks again until there is nothing.
    enum class Step { Nothing, Dump, Report, Abort, Kill };
    Step next(Rows rows, bool dumped, Moment now);
    // What next() is about, from Dump on.
    [[nodiscard]] const Case& current() const { return case_; }
    [[nodiscard]] bool awaits_dump() const { return stage_ == Stage::Dumping; }
    // The worker may end itself any time, behind its hook.
    [[nodiscard]] bool is_aborting() const { return stage_ == Stage::Aborting; }
    // The latest moment for the next look.
    [[nodiscard]] Moment look_at(Rows rows, Moment now) const;

  private:
    enum class Stage { Watching, Dumping, Reported, Aborting, Killed };

    [[nodiscard]] std::optional<Case> find(Rows rows, Moment now) const;
    [[nodiscard]] Moment due(Rows rows, std::size_t row, TookTooLong what) const;
    [[nodiscard]] bool still_runs(Rows rows, Moment now) const;

    Patience patience_;
    Moment born_;
    std::vector<std::int64_t> told_;  // of each row: the last slow request that was told of
    Stage stage_ = Stage::Watching;
    Case case_;
    Moment until_;  // of what is being waited for
};

}  // namespace bundle
