// The error log: one line per event, written whole, so that lines of several processes do not mix.
//
//   2026-11-20T12:00:00.123Z info front[4711] worker connected app=shop pid=4713
//
// `message` is our own text; whatever comes from outside goes through log_quoted(). Lines may be
// JSON instead, or messages for syslog or journald. What is not taken in a short while is lost and
// counted, and the next line that is taken tells of it: nobody stands still for a log.
#pragma once
#include <fmt/format.h>
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

namespace bundle {

class LogSocket;

// error: someone must act. warn: we coped. info: start, stop, reload, worker born or died.
// debug: one connection's story.
enum class LogLevel { Error, Warn, Info, Debug };

struct LogTarget {
    std::string process;  // "master", "front", "shop arbiter", "shop worker 3"
    LogLevel level = LogLevel::Info;
    int fd = 2;  // not owned; appended to
    bool as_json = false;
    std::shared_ptr<LogSocket> service = nullptr;  // in place of fd
    std::chrono::milliseconds patience{100};       // with fd, once for each time that it stalls
};

// The log is the one global of a process; main sets it before anything can fail.
void set_log_target(LogTarget target);
const LogTarget& log_target();

// The log goes on in the file that `fd`, which stays the caller's, writes to.
void continue_log_in(int fd);

// Lines of this process so far, whether or not they could be written.
std::uint64_t log_lines_of(LogLevel level);
// Lines that this process could not write.
std::uint64_t lost_log_lines();
// What a service has not taken yet may be sent now.
void flush_log();

// `request_id` is that of the request that the message tells of, "": of none. It never is what
// looks like one in a message, where a client or an application may have written it.
void log_line(LogLevel level, std::string_view message, std::string_view request_id = {});
// Unless the level is not logged.
void log_of(LogLevel level, std::string_view request_id, std::string_view message);
// On behalf of another process.
void log_line_of(std::string_view process, pid_t pid, LogLevel level, std::string_view message,
                 std::string_view request_id = {});

// "value" with quotes, backslashes and control bytes escaped, so that no client can forge a line.
std::string log_quoted(std::string_view value);

// An argument of a message that names the request it tells of, as `request_id=ID`.
struct OfRequest {
    std::string_view id;
};
std::string text_of(OfRequest request);

}  // namespace bundle

template <>
struct fmt::formatter<bundle::OfRequest> : fmt::formatter<std::string_view> {
    auto format(bundle::OfRequest request, fmt::format_context& context) const {
        return fmt::formatter<std::string_view>::format(text_of(request), context);
    }
};

namespace bundle {

template <typename... Args>
std::string_view request_id_among(const Args&... args) {
    std::string_view id;
    [[maybe_unused]] const auto look = [&id](const auto& arg) {
        if constexpr (std::is_same_v<std::decay_t<decltype(arg)>, OfRequest>) id = arg.id;
    };
    (look(args), ...);
    return id;
}

// now as 2026-11-20T12:00:00.123Z
std::string log_timestamp();

template <typename... Args>
void log_event(LogLevel level, fmt::format_string<Args...> format, Args&&... args) {
    if (level > log_target().level) return;
    log_line(level, fmt::format(format, std::forward<Args>(args)...), request_id_among(args...));
}

template <typename... Args>
void log_error(fmt::format_string<Args...> format, Args&&... args) {
    log_event(LogLevel::Error, format, std::forward<Args>(args)...);
}
template <typename... Args>
void log_warn(fmt::format_string<Args...> format, Args&&... args) {
    log_event(LogLevel::Warn, format, std::forward<Args>(args)...);
}
template <typename... Args>
void log_info(fmt::format_string<Args...> format, Args&&... args) {
    log_event(LogLevel::Info, format, std::forward<Args>(args)...);
}
template <typename... Args>
void log_debug(fmt::format_string<Args...> format, Args&&... args) {
    log_event(LogLevel::Debug, format, std::forward<Args>(args)...);
}

}  // namespace bundle
