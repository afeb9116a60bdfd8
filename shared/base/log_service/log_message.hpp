// Messages of a log for services that want more than lines: syslog (RFC 5424) and journald (its
// native protocol, systemd's JOURNAL_NATIVE_PROTOCOL).
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/socket_address.hpp"

namespace bundle {

struct LogService {
    enum class Kind { Syslog, Journald };

    Kind kind = Kind::Syslog;
    bool is_stream = false;    // of messages that are counted (RFC 6587 section 3.4.1)
    SocketAddress address{};   // an IP address and port, or a path
    unsigned facility = 3;     // of syslog: daemon
    std::string tag = {};      // what the service calls us
    std::string machine = {};  // its name
};

// As syslog numbers them.
enum class Severity : std::uint8_t { Error = 3, Warning = 4, Info = 6, Debug = 7 };

// What stands before the text: its kind ("access"), whose it is and when it was.
struct MessageFacts {
    Severity severity = Severity::Info;
    std::string_view kind;       // "access", "error"
    std::string_view timestamp;  // 2026-11-20T12:00:00.123Z
    pid_t pid = 0;
};

// Appended to `out`; the text is cut where no datagram could hold it.
void append_syslog_message(std::string& out, const LogService& service, const MessageFacts& facts,
                           std::string_view text);
// More fields may follow.
void append_journal_message(std::string& out, const LogService& service, const MessageFacts& facts,
                            std::string_view text);
// Left out when the value is empty.
void append_journal_field(std::string& out, std::string_view name, std::string_view value);

}  // namespace bundle
