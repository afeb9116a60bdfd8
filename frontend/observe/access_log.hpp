// The access log: one line for each request, in the combined format of Apache and nginx.
//
//   127.0.0.1 - - [20/Nov/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 42 "-" "curl/7.88.1"
//
// Lines are gathered, and written when their owner says so or when they are many. Everything from
// the client is escaped as nginx does (\x22 for a quote), so that no client can forge a line or a
// field of one. Times are UTC.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/owned_fd.hpp"

namespace bundle {

struct AccessRecord {
    std::string_view client = {};  // address; "" prints "-"
    std::string_view user = {};    // of Basic authorization; "" prints "-"
    std::string_view method = {};  // "" when no request line could be read: all of it prints as "-"
    std::string_view target = {};
    std::string_view protocol = {};
    std::uint16_t status = 0;      // 499: the client left before the answer began
    std::uint64_t body_bytes = 0;  // sent
    std::string_view referer = {};
    std::string_view user_agent = {};
};

class AccessLog {
  public:
    // Appended to; none: nothing is logged. The descriptor's flags are left as they are, for others
    // (a terminal, the master) may hold it too.
    explicit AccessLog(OwnedFd file);

    // What was gathered goes to the file before.
    void continue_in(OwnedFd file);

    void append(const AccessRecord& record, std::chrono::system_clock::time_point now);
    // Writes what was gathered. A line that cannot be written is lost and counted, never waited
    // for. The rest of a line that a pipe took half of is kept for the next flush, so that lines
    // stay whole.
    void flush();
    [[nodiscard]] bool has_pending() const { return !pending_.empty(); }
    [[nodiscard]] std::uint64_t lost() const { return lost_; }

  private:
    // How to write to it without ever waiting.
    enum class Kind { RegularFile, Socket, Other };

    void open(OwnedFd file);
    void refresh_date(std::chrono::system_clock::time_point now);
    // Bytes taken; nothing when it takes none now.
    std::size_t write_some(std::string_view bytes);
    void drop_unwritten(std::size_t written);

    OwnedFd file_;
    Kind kind_ = Kind::RegularFile;
    std::string pending_;
    std::string date_;  // of the second that dated_ names
    std::int64_t dated_ = -1;
    bool line_begun_ = false;  // pending_ begins with the rest of a line
    std::uint64_t lost_ = 0;
};

}  // namespace bundle
