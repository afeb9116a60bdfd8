#include "shared/base/log.hpp"

#include <fcntl.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <ctime>

#include "shared/base/json_text.hpp"
#include "shared/base/log_service/log_socket.hpp"
#include "shared/base/log_stream.hpp"

namespace bundle {

namespace {

LogTarget& target() {
    static LogTarget the_target;
    return the_target;
}

constexpr std::array<std::string_view, 4> kLevelNames = {"error", "warn", "info", "debug"};
constexpr std::array<Severity, 4> kSeverities = {Severity::Error, Severity::Warning, Severity::Info,
                                                 Severity::Debug};

struct Event {
    std::string_view process;
    pid_t pid;
    LogLevel level;
    std::string timestamp;
    std::string_view message;
    std::string_view request_id = {};
};

std::string text_of(const Event& event) {
    return fmt::format("{} {} {}[{}] {}\n", event.timestamp,
                       kLevelNames.at(static_cast<std::size_t>(event.level)), event.process,
                       event.pid, event.message);
}

std::string json_of(const Event& event) {
    std::string line = fmt::format(R"({{"time":"{}","level":"{}","process":)", event.timestamp,
                                   kLevelNames.at(static_cast<std::size_t>(event.level)));
    append_json(line, event.process);
    line += fmt::format(R"(,"pid":{},"request_id":)", event.pid);
    if (event.request_id.empty())
        line += "null";
    else
        append_json(line, event.request_id);
    line += R"(,"message":)";
    append_json(line, event.message);
    return line + "}\n";
}

std::string message_of(const Event& event, const LogService& service) {
    const MessageFacts facts = {kSeverities.at(static_cast<std::size_t>(event.level)), "error",
                                event.timestamp, event.pid};
    std::string message;
    if (service.kind == LogService::Kind::Syslog) {
        append_syslog_message(message, service, facts,
                              fmt::format("{}: {}", event.process, event.message));
    } else {
        append_journal_message(message, service, facts, event.message);
        append_journal_field(message, "BUNDLE_PROCESS", event.process);
        append_journal_field(message, "BUNDLE_REQUEST_ID", event.request_id);
    }
    return message;
}

// Lines for a descriptor whose reader may stall.
class Lines {
  public:
    // One write where all of it is taken at once, so that lines of several processes do not mix.
    void write(const LogTarget& to, std::string line) {
        if (stalls_) line.insert(0, first_after_stall(to));
        const LogStream stream(to.fd);
        std::string_view rest = line;
        while (!rest.empty()) {
            const ssize_t taken = stream.write_some(rest, stalls_ ? kNoTime : to.patience);
            if (taken <= 0) break;
            rest.remove_prefix(static_cast<std::size_t>(taken));
        }
        stalls_ = !rest.empty();
        if (!stalls_) {
            is_torn_ = false;
            untold_ = 0;
            return;
        }
        is_torn_ = is_torn_ || rest.size() < line.size();
        ++untold_;
        ++lost_;
    }
    [[nodiscard]] std::uint64_t lost() const { return lost_; }

  private:
    static constexpr std::chrono::milliseconds kNoTime{0};

    [[nodiscard]] std::string first_after_stall(const LogTarget& to) const {
        const std::string told =
            fmt::format("the error log took no more: {} lines are lost", untold_);
        const Event event{to.process, getpid(), LogLevel::Warn, log_timestamp(), told};
        return (is_torn_ ? "\n" : "") + (to.as_json ? json_of(event) : text_of(event));
    }

    bool stalls_ = false;
    bool is_torn_ = false;      // what was taken last ends within a line
    std::uint64_t untold_ = 0;  // lost since it stalls
    std::uint64_t lost_ = 0;
};

std::array<std::atomic<std::uint64_t>, 4>& counts() {
    static std::array<std::atomic<std::uint64_t>, 4> by_level{};
    return by_level;
}

Lines& lines() {
    static Lines of_this_process;
    return of_this_process;
}

}  // namespace

void set_log_target(LogTarget new_target) { target() = std::move(new_target); }
const LogTarget& log_target() { return target(); }

void continue_log_in(int fd) {
    if (target().fd == STDERR_FILENO) {
        dup2(fd, STDERR_FILENO);
    } else {
        dup3(fd, target().fd, O_CLOEXEC);
    }
}

std::string log_timestamp() {
    timeval now{};
    gettimeofday(&now, nullptr);
    tm utc{};
    gmtime_r(&now.tv_sec, &utc);
    std::array<char, 32> date{};
    std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &utc);
    return fmt::format("{}.{:03}Z", date.data(), now.tv_usec / 1000);
}

void log_line(LogLevel level, std::string_view message, std::string_view request_id) {
    ++counts().at(static_cast<std::size_t>(level));
    log_line_of(target().process, getpid(), level, message, request_id);
}

void log_of(LogLevel level, std::string_view request_id, std::string_view message) {
    if (level <= target().level) log_line(level, message, request_id);
}

void log_line_of(std::string_view process, pid_t pid, LogLevel level, std::string_view message,
                 std::string_view request_id) {
    const Event event{process, pid, level, log_timestamp(), message, request_id};
    const LogTarget& to = target();
    if (to.service) return to.service->send(message_of(event, to.service->service()));
    lines().write(to, to.as_json ? json_of(event) : text_of(event));
}

std::uint64_t log_lines_of(LogLevel level) { return counts().at(static_cast<std::size_t>(level)); }

void flush_log() {
    if (target().service) target().service->flush();
}

std::uint64_t lost_log_lines() {
    return lines().lost() + (target().service ? target().service->lost() : 0);
}

std::string text_of(OfRequest request) {
    constexpr std::string_view kIdBytes =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._:/+=@";
    const bool is_plain = request.id.find_first_not_of(kIdBytes) == std::string_view::npos;
    return "request_id=" + (is_plain ? std::string(request.id) : log_quoted(request.id));
}

std::string log_quoted(std::string_view value) {
    std::string quoted = "\"";
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            quoted += '\\';
            quoted += c;
        } else if (byte < 0x20 || byte >= 0x7f) {
            fmt::format_to(std::back_inserter(quoted), "\\x{:02x}", byte);
        } else {
            quoted += c;
        }
    }
    return quoted + '"';
}

}  // namespace bundle
