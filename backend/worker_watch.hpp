// The arbiter's eye on one worker: does what overtime.hpp decides, and remembers why we killed it.
#pragma once
#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "backend/overtime.hpp"
#include "backend/python/stack_dump.hpp"
#include "backend/worker_table.hpp"

namespace bundle {

// Why one is killed that does not begin the requests that it is given.
inline constexpr std::string_view kBeginsNothing = "begins_nothing";

class WorkerWatch {
  public:
    using Moment = Overtime::Moment;

    // Hears of each request that takes long, and where it stands (wire/slow_request.hpp).
    using TellSlow = std::function<void(std::string text)>;

    // `rows` are the worker's, `dump` is the one that it answers with.
    WorkerWatch(const Patience& patience, const WorkerTable::Worker& worker, Overtime::Rows rows,
                StackDump dump, TellSlow tell_slow)
        : overtime_(patience, worker.born, rows.size()),
          worker_(worker),
          rows_(rows),
          dump_(std::move(dump)),
          tell_slow_(std::move(tell_slow)) {}

    void look(Moment now);
    [[nodiscard]] Moment look_at(Moment now) const;

    // It had its time, says `why`, a word such as the name of an option: the log tells what it
    // still does and where its threads stand, and then it is killed.
    void end(std::string_view why, Moment now);
    // SIGTERM is ours from now on.
    void told_to_leave() { told_to_leave_ = true; }
    [[nodiscard]] bool was_told_to_leave() const { return told_to_leave_; }
    // asked_stacks() will have them.
    void ask_stacks(Moment now);
    // Its request and where its threads stand, once, when it has told or its time to do so is over.
    std::optional<std::string> asked_stacks(Moment now);
    // Of one that did not boot: why not, as far as it is known.
    [[nodiscard]] std::string why_not_booted() const;
    // "" when it was not us.
    [[nodiscard]] std::string_view killed_for() const;
    [[nodiscard]] pid_t pid() const { return worker_.pid; }

  private:
    void note_request(const wire::WorkerRow& row);
    void report() const;
    void report_end() const;
    struct InFlight {
        std::string requests;
        std::uint64_t thread = 0;  // of the last one
    };
    [[nodiscard]] InFlight in_flight() const;
    void kill(std::string_view why);
    [[nodiscard]] std::string told_stacks(std::uint64_t thread) const;

    Overtime overtime_;
    WorkerTable::Worker worker_;
    Overtime::Rows rows_;
    StackDump dump_;
    TellSlow tell_slow_;
    std::string request_;        // as it was when the dump was asked for
    std::string request_id_;     // likewise
    std::string request_line_;   // likewise
    std::string_view ends_for_;  // end() was called, and the dump is awaited ...
    Moment ends_at_{};           // ... for so long
    std::string_view killed_for_;
    bool told_to_leave_ = false;
    std::optional<Moment> tell_by_;  // somebody has asked for its stacks
};

}  // namespace bundle
