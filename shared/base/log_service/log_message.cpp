#include "shared/base/log_service/log_message.hpp"

#include <fmt/format.h>

#include <iterator>

namespace bundle {

namespace {

// A datagram holds as much by default (net.core.wmem_default), and syslog over UDP.
constexpr std::size_t kMostText = 48U << 10;

}  // namespace

void append_syslog_message(std::string& out, const LogService& service, const MessageFacts& facts,
                           std::string_view text) {
    fmt::format_to(std::back_inserter(out), "<{}>1 {} {} {} {} {} - ",
                   service.facility * 8 + static_cast<unsigned>(facts.severity), facts.timestamp,
                   service.machine, service.tag, facts.pid, facts.kind);
    out += text.substr(0, kMostText);
}

void append_journal_message(std::string& out, const LogService& service, const MessageFacts& facts,
                            std::string_view text) {
    append_journal_field(out, "MESSAGE", text.substr(0, kMostText));
    append_journal_field(out, "PRIORITY",
                         fmt::format_int(static_cast<unsigned>(facts.severity)).str());
    append_journal_field(out, "SYSLOG_IDENTIFIER", service.tag);
    append_journal_field(out, "SYSLOG_FACILITY", fmt::format_int(service.facility).str());
    append_journal_field(out, "SYSLOG_PID", fmt::format_int(facts.pid).str());
    append_journal_field(out, "BUNDLE_LOG", facts.kind);
}

// A value with a line break has its length before it, in eight bytes of which the lowest is first.
void append_journal_field(std::string& out, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out += name;
    if (value.find('\n') == std::string_view::npos) {
        out += '=';
    } else {
        out += '\n';
        for (std::uint64_t i = 0, size = value.size(); i < sizeof size; ++i, size >>= 8)
            out += static_cast<char>(size & 0xff);
    }
    out += value;
    out += '\n';
}

}  // namespace bundle
