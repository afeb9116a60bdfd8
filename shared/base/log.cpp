#include "shared/base/log.hpp"

#include <fcntl.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <ctime>

namespace bundle {

namespace {

LogTarget& target() {
    static LogTarget the_target;
    return the_target;
}

constexpr std::array<std::string_view, 4> kLevelNames = {"error", "warn", "info", "debug"};

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

void log_line(LogLevel level, std::string_view message) {
    log_line_of(target().process, getpid(), level, message);
}

void log_line_of(std::string_view process, pid_t pid, LogLevel level, std::string_view message) {
    const std::string line =
        fmt::format("{} {} {}[{}] {}\n", log_timestamp(),
                    kLevelNames.at(static_cast<size_t>(level)), process, pid, message);
    // One write per line. Where the log itself cannot be written there is nowhere left to say so.
    [[maybe_unused]] const ssize_t written = write(target().fd, line.data(), line.size());
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
