#include "backend/output/captured_output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "backend/output/log_text.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace {

// A line whose end does not come is logged as it is.
constexpr std::chrono::milliseconds kPatienceForLine{100};

// A line of the dump that follows the interpreter's last words.
bool is_of_dump(std::string_view line) {
    if (line.empty()) return true;
    return std::ranges::any_of(
        std::array<std::string_view, 5>{"  ", "Current thread ", "Thread ", "Python runtime state",
                                        "Extension modules"},
        [line](std::string_view begin) { return line.starts_with(begin); });
}

}  // namespace

Result<Pipe> make_output_pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return system_failure("make a pipe");
    Pipe pipe{OwnedFd(ends[0]), OwnedFd(ends[1])};
    if (fcntl(pipe.read.get(), F_SETFL, O_NONBLOCK) != 0) return system_failure("prepare a pipe");
    return pipe;
}

Result<void> write_output_to(const OwnedFd& pipe) {
    LogTarget target = log_target();
    target.fd = fcntl(target.fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (target.fd < 0) return system_failure("keep the error log");
    set_log_target(std::move(target));
    for (const int output : {STDOUT_FILENO, STDERR_FILENO})
        if (dup2(pipe.get(), output) != output) return system_failure("capture the output");
    return {};
}

void continue_output_in(const OwnedFd& error_log) {
    continue_log_in(error_log.get());
    if (log_target().fd == STDERR_FILENO) dup2(error_log.get(), STDOUT_FILENO);
}

bool CapturedOutput::read() {
    // As much as a pipe holds, so that nothing of a dead worker is left behind; one that writes
    // without end must not keep us from everything else.
    constexpr int kReadsPerTurn = 4;
    std::array<char, 16384> some;
    for (int turn = 0; turn < kReadsPerTurn; ++turn) {
        const ssize_t got = ::read(pipe_.get(), some.data(), some.size());
        if (got < 0) return errno == EAGAIN || errno == EINTR;
        if (got == 0) {
            flush();
            return false;
        }
        if (!lines_.has_begun()) note_begin();
        lines_.write({some.data(), static_cast<std::size_t>(got)}, [this](std::string_view line) {
            log(line);
            note_begin();
        });
    }
    return true;
}

void CapturedOutput::note_begin() {
    begun_id_ = request_id();
    begun_at_ = Moment::clock::now();
}

std::optional<CapturedOutput::Moment> CapturedOutput::flush_at() const {
    return lines_.has_begun() ? std::optional(begun_at_ + kPatienceForLine) : std::nullopt;
}

void CapturedOutput::flush_overdue(Moment now) {
    if (const auto at = flush_at(); at && *at <= now) flush();
}

void CapturedOutput::flush() {
    lines_.flush([this](std::string_view line) { log(line); });
}

void CapturedOutput::bury() {
    flush();
    rows_ = {};  // the next worker's
}

// When its only request began; 0 when it has none, or several.
std::int64_t CapturedOutput::busy_since() const {
    std::int64_t since = 0;
    for (const wire::WorkerRow& row : rows_) {
        if (row.state != wire::WorkerState::Busy) continue;
        if (since != 0) return 0;
        since = row.busy_since;
    }
    return since;
}

// When one request ran all the time in which this can have been written; else "".
std::string CapturedOutput::request_id() const {
    if (busy_since_ == 0 || busy_since() != busy_since_) return {};
    for (const wire::WorkerRow& row : rows_)
        if (row.busy_since == busy_since_) return wire::read_text(row.request_id);
    return {};
}

void CapturedOutput::log(std::string_view line) {
    dies_ = line.starts_with("Fatal Python error") || (dies_ && is_of_dump(line));
    const std::string tag = begun_id_.empty() ? "" : ' ' + text_of(OfRequest{begun_id_});
    log_line_of(process_, pid_, dies_ ? LogLevel::Error : LogLevel::Info,
                fmt::format("output{} {}", tag, printable(line)), begun_id_);
}

}  // namespace bundle
