#include "frontend/observe/access_messages.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "frontend/observe/log_text.hpp"

namespace bundle {

namespace {

// What journalctl can find requests by: BUNDLE_STATUS=503, BUNDLE_REQUEST_ID=...
void append_fields(std::string& out, const AccessRecord& record) {
    const auto number = [&out](std::string_view name, std::uint64_t value) {
        append_journal_field(out, name, fmt::format_int(value).str());
    };
    append_journal_field(out, "BUNDLE_REQUEST_ID", record.request_id);
    append_journal_field(out, "BUNDLE_TRACE_ID", record.trace_id);
    append_journal_field(out, "BUNDLE_CLIENT", record.client);
    append_journal_field(out, "BUNDLE_METHOD", record.method);
    append_journal_field(out, "BUNDLE_HOST", record.host);
    append_journal_field(out, "BUNDLE_TARGET", record.target);
    number("BUNDLE_STATUS", record.status);
    append_journal_field(out, "BUNDLE_REASON", record.reason);
    number("BUNDLE_BODY_BYTES", record.body_bytes);
    append_journal_field(out, "BUNDLE_SITE", record.site);
    append_journal_field(out, "BUNDLE_ROUTE", record.route);
    append_journal_field(out, "BUNDLE_APP", record.app);
    if (record.worker_pid != 0) {
        number("BUNDLE_WORKER", record.worker);
        number("BUNDLE_WORKER_PID", record.worker_pid);
    }
    constexpr std::array<std::pair<std::string_view, TimePart>, 6> kTimes = {
        {{"BUNDLE_T_READ", TimePart::Read},
         {"BUNDLE_T_QUEUE", TimePart::Queue},
         {"BUNDLE_T_APP_FIRST", TimePart::AppFirst},
         {"BUNDLE_T_APP", TimePart::App},
         {"BUNDLE_T_SEND", TimePart::Send},
         {"BUNDLE_T_TOTAL", TimePart::Total}}
    };
    std::string seconds;
    for (const auto& [name, part] : kTimes) {
        const auto length = record.times.of(part);
        if (!length) continue;
        seconds.clear();
        append_decimal(seconds, static_cast<std::uint64_t>(length->count() / 1000), 6);
        append_journal_field(out, name, seconds);
    }
}

}  // namespace

// It connects while the loop turns.
AccessMessages::AccessMessages(LogService service)
    : socket_(std::move(service), std::chrono::milliseconds::zero()) {}

void AccessMessages::add(std::string_view line, const AccessRecord& record, const LogClock& clock) {
    timestamp_ = fmt::format("{}.{:06}Z", clock.iso(), clock.micros() % 1'000'000);
    const MessageFacts facts = {record.status < 500 ? Severity::Info : Severity::Warning, "access",
                                timestamp_, getpid()};
    const LogService& service = socket_.service();
    if (service.kind == LogService::Kind::Syslog) {
        append_syslog_message(pending_, service, facts, line);
    } else {
        append_journal_message(pending_, service, facts, line);
        append_fields(pending_, record);
    }
    ends_.push_back(pending_.size());
}

void AccessMessages::send() {
    std::size_t begin = 0;
    for (const std::size_t end : std::exchange(ends_, {})) {
        socket_.send(std::string_view(pending_).substr(begin, end - begin));
        begin = end;
    }
    pending_.clear();
    socket_.flush();
}

}  // namespace bundle
