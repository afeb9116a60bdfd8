// The access log: one line for each request.
//
// Lines are gathered, and written when their owner says so or when they are many.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "frontend/observe/access_line.hpp"
#include "frontend/observe/access_record.hpp"
#include "frontend/observe/log_clock.hpp"
#include "shared/base/owned_fd.hpp"

namespace bundle {

class AccessLog {
  public:
    // Appended to; none: nothing is logged. The descriptor's flags are left as they are, for others
    // (a terminal, the master) may hold it too.
    explicit AccessLog(OwnedFd file);

    // What was gathered goes to the file before.
    void continue_in(OwnedFd file);

    void append(const AccessLine& line, const AccessRecord& record,
                std::chrono::system_clock::time_point now);
    // Writes what was gathered. A line that cannot be written is lost and counted, never waited
    // for. The rest of a line that a pipe took half of is kept for the next flush, so that lines
    // stay whole.
    void flush();
    [[nodiscard]] bool has_pending() const { return !pending_.empty(); }
    [[nodiscard]] bool is_on() const { return static_cast<bool>(file_); }
    [[nodiscard]] std::uint64_t lost() const { return lost_; }

  private:
    // How to write to it without ever waiting.
    enum class Kind { RegularFile, Socket, Other };

    void open(OwnedFd file);
    // Bytes taken; nothing when it takes none now.
    std::size_t write_some(std::string_view bytes);
    void drop_unwritten(std::size_t written);

    OwnedFd file_;
    Kind kind_ = Kind::RegularFile;
    std::string pending_;
    LogClock clock_;
    bool line_begun_ = false;  // pending_ begins with the rest of a line
    std::uint64_t lost_ = 0;
};

}  // namespace bundle
