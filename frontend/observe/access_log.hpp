// The access log: one line for each request.
//
// Lines are gathered, and written when their owner says so or when they are many.
#pragma once
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "frontend/observe/access_line.hpp"
#include "frontend/observe/access_messages.hpp"
#include "frontend/observe/access_record.hpp"
#include "frontend/observe/log_clock.hpp"
#include "frontend/observe/log_writer.hpp"
#include "shared/base/log_stream.hpp"
#include "shared/base/owned_fd.hpp"

namespace bundle {

class AccessLog {
  public:
    // Nothing is logged.
    AccessLog() = default;
    // Appended to; none: nothing is logged.
    explicit AccessLog(OwnedFd file) { continue_in(std::move(file)); }

    // What was gathered goes to where it went before.
    void continue_in(OwnedFd file);
    void continue_in(LogService service);

    void append(const AccessLine& line, const AccessRecord& record,
                std::chrono::system_clock::time_point now);
    // Writes what was gathered, without waiting: what a pipe does not take is kept for the next
    // flush, up to a limit. Lines beyond that, and those that can never be written, are lost and
    // counted.
    void flush();
    // Likewise at the end, with some patience.
    void finish();
    [[nodiscard]] bool has_pending() const {
        return !pending_.empty() || (messages_ && messages_->has_pending());
    }
    [[nodiscard]] bool is_on() const { return file_ || messages_; }
    [[nodiscard]] std::uint64_t lost() const {
        return lost_ + (messages_ ? messages_->lost() : 0) + (writer_ ? writer_->lost() : 0);
    }

    // errno of the last failure; EAGAIN: what reads it is too slow, or not there.
    [[nodiscard]] int last_error() const { return has_thread() ? writer_->last_error() : error_; }
    // The last lines were lost.
    [[nodiscard]] bool fails() const { return has_thread() ? writer_->fails() : fails_; }

  private:
    [[nodiscard]] bool has_thread() const { return !messages_ && stream_.is_regular_file(); }
    // Whether the stream may take the rest later.
    bool write_pending(std::chrono::milliseconds patience);
    bool drop_beyond(std::size_t kept);  // whether there was any line
    void end_messages();

    std::shared_ptr<const OwnedFd> file_;
    LogStream stream_{-1};                    // of file_
    std::optional<LogWriter> writer_;         // in place of that, since there was a regular file
    std::optional<AccessMessages> messages_;  // in place of all of these
    std::string pending_;
    LogClock clock_;
    bool line_begun_ = false;      // pending_ begins with the rest of a line
    std::size_t flush_above_ = 0;  // bytes
    std::uint64_t lost_ = 0;
    int error_ = EAGAIN;
    bool fails_ = false;
};

}  // namespace bundle
