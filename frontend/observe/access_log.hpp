// The access log: one line for each request, in the combined format of Apache and nginx.
//
//   127.0.0.1 - - [20/Nov/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 42 "-" "curl/7.88.1"
//
// Lines are gathered and written once per turn of the event loop. Everything from the client is escaped.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/owned_fd.hpp"

namespace bundle {

struct AccessRecord {
    std::string_view client;     // address; "" prints "-"
    std::string_view user;       // of Basic authorization; "" prints "-"
    std::string_view method;     // "" when no request line could be read: the request prints as "-"
    std::string_view target;
    std::string_view protocol;
    std::uint16_t status = 0;    // 499: the client left before the answer began
    std::uint64_t body_bytes = 0;  // sent
    std::string_view referer;
    std::string_view user_agent;
};

class AccessLog {
  public:
    explicit AccessLog(OwnedFd file);  // appended to; none: nothing is logged

    void append(const AccessRecord& record, std::chrono::system_clock::time_point now);
    // Writes what was gathered. A line that cannot be written is lost and counted, never waited for.
    void flush();
    [[nodiscard]] std::uint64_t lost() const { return lost_; }

  private:
    OwnedFd file_;
    std::string pending_;
    std::string date_;            // of the second that dated_ names
    std::int64_t dated_ = -1;
    std::uint64_t lost_ = 0;
};

}  // namespace bundle
