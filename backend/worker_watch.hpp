// The arbiter's eye on one worker: does what overtime.hpp decides, and remembers why we killed it.
#pragma once
#include <sys/types.h>

#include <string>
#include <string_view>

#include "backend/overtime.hpp"
#include "backend/python/stack_dump.hpp"
#include "backend/worker_table.hpp"

namespace bundle {

class WorkerWatch {
  public:
    using Moment = Overtime::Moment;

    // `rows` are the worker's, `dump` is the one that it answers with.
    WorkerWatch(const Patience& patience, const WorkerTable::Worker& worker, Overtime::Rows rows,
                StackDump dump)
        : overtime_(patience, worker.born, rows.size()),
          worker_(worker),
          rows_(rows),
          dump_(std::move(dump)) {}

    void look(Moment now);
    [[nodiscard]] Moment look_at(Moment now) const { return overtime_.look_at(rows_, now); }

    // Sends SIGKILL; `why` is the name of the option that says so.
    void kill(std::string_view why);
    // "" when it was not us.
    [[nodiscard]] std::string_view killed_for() const;
    [[nodiscard]] pid_t pid() const { return worker_.pid; }

  private:
    void report() const;

    Overtime overtime_;
    WorkerTable::Worker worker_;
    Overtime::Rows rows_;
    StackDump dump_;
    std::string request_;  // as it was when the dump was asked for
    std::string_view killed_for_;
};

}  // namespace bundle
