// What a worker writes to its descriptors 1 and 2 past Python: C libraries, programs that it
// starts, the interpreter's last words when it crashes. The arbiter reads it from a pipe, because
// it outlives the worker, and logs each line as the worker's.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "backend/output/lines.hpp"
#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"
#include "shared/wire/scoreboard.hpp"

namespace bundle {

struct Pipe {
    OwnedFd read;
    OwnedFd write;
};
// Close-on-exec; reading does not block.
Result<Pipe> make_output_pipe();

// In the worker: what is written to descriptors 1 and 2 goes into the pipe, and its own log goes
// where it went.
Result<void> write_output_to(const OwnedFd& pipe);

// The log goes on in that file, and so does the output that is not captured.
void continue_output_in(const OwnedFd& error_log);

class CapturedOutput {
  public:
    using Moment = std::chrono::steady_clock::time_point;

    // `process` and `pid` are the worker's, `rows` say which request it serves.
    CapturedOutput(OwnedFd pipe, std::string process, pid_t pid,
                   std::span<const wire::WorkerRow> rows)
        : pipe_(std::move(pipe)), process_(std::move(process)), pid_(pid), rows_(rows) {}

    [[nodiscard]] int fd() const { return pipe_.get(); }
    [[nodiscard]] pid_t pid() const { return pid_; }
    // Before waiting: what is read afterwards was written from here on.
    void look() { busy_since_ = busy_since(); }
    // Logs what is there. False when nobody can write to it any more.
    bool read();
    // When a line that is begun is logged as it is, though its end has not come.
    [[nodiscard]] std::optional<Moment> flush_at() const;
    void flush_overdue(Moment now);
    // The worker is dead, and all that it wrote is read; programs that it started may still write.
    void bury();

  private:
    [[nodiscard]] std::int64_t busy_since() const;
    [[nodiscard]] std::string request_id() const;
    void note_begin();
    void flush();
    void log(std::string_view line);

    OwnedFd pipe_;
    std::string process_;
    pid_t pid_;
    std::span<const wire::WorkerRow> rows_;
    std::int64_t busy_since_ = 0;
    Lines lines_;
    std::string begun_id_;  // of the request at the first byte of the line that is begun
    Moment begun_at_;
    bool dies_ = false;  // the interpreter says why it ends
};

}  // namespace bundle
