// The records of an access log that goes to syslog or journald: gathered, and sent together.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/observe/access_record.hpp"
#include "frontend/observe/log_clock.hpp"
#include "shared/base/log_service/log_socket.hpp"

namespace bundle {

class AccessMessages {
  public:
    explicit AccessMessages(LogService service);

    // `line` is what a file would have.
    void add(std::string_view line, const AccessRecord& record, const LogClock& clock);
    void send();
    [[nodiscard]] bool has_pending() const { return !ends_.empty() || socket_.is_waiting(); }
    [[nodiscard]] std::size_t size() const { return pending_.size(); }
    [[nodiscard]] std::uint64_t lost() const { return socket_.lost(); }

  private:
    LogSocket socket_;
    std::string pending_;            // messages, one behind the other
    std::vector<std::size_t> ends_;  // of each
    std::string timestamp_;
};

}  // namespace bundle
