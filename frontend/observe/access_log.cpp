#include "frontend/observe/access_log.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>

namespace bundle {

namespace {

// A turn of the loop that serves more than this writes more than once.
constexpr std::size_t kGatheredAtMost = 64 << 10;

// Where the text stands between quotes, a space is part of it; outside, it would begin a field of
// its own.
enum class Spaces { Keep, Escape };

constexpr std::array<bool, 256> bytes_to_escape(Spaces spaces) {
    std::array<bool, 256> escaped{};
    for (std::size_t byte = 0; byte < escaped.size(); ++byte)
        escaped.at(byte) = byte < 0x20 || byte >= 0x7f || byte == '"' || byte == '\\';
    escaped[' '] = spaces == Spaces::Escape;
    return escaped;
}

template <Spaces kSpaces>
void append_escaped(std::string& out, std::string_view text) {
    static constexpr auto kEscaped = bytes_to_escape(kSpaces);
    static constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::size_t plain = 0;  // what stands before `at` and is not yet in `out` needs no escape
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (!kEscaped[byte]) continue;
        out.append(text, plain, at - plain);
        out += "\\x";
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
        plain = at + 1;
    }
    out.append(text, plain);
}

void append_word(std::string& out, std::string_view text) {
    if (text.empty()) out += '-';
    append_escaped<Spaces::Escape>(out, text);
}

void append_in_quotes(std::string& out, std::string_view text) {
    out += '"';
    if (text.empty()) out += '-';
    append_escaped<Spaces::Keep>(out, text);
    out += '"';
}

void append_request(std::string& out, const AccessRecord& record) {
    if (record.method.empty()) return append_in_quotes(out, {});
    out += '"';
    append_escaped<Spaces::Keep>(out, record.method);
    out += ' ';
    append_escaped<Spaces::Keep>(out, record.target);
    out += ' ';
    append_escaped<Spaces::Keep>(out, record.protocol);
    out += '"';
}

void append_number(std::string& out, std::uint64_t number) {
    const fmt::format_int digits(number);
    out.append(digits.data(), digits.size());
}

}  // namespace

AccessLog::AccessLog(OwnedFd file) { open(std::move(file)); }

void AccessLog::open(OwnedFd file) {
    file_ = std::move(file);
    kind_ = Kind::RegularFile;
    struct stat facts {};
    if (!file_ || fstat(file_.get(), &facts) != 0) return;
    if (S_ISSOCK(facts.st_mode))
        kind_ = Kind::Socket;
    else if (!S_ISREG(facts.st_mode))
        kind_ = Kind::Other;
}

void AccessLog::continue_in(OwnedFd file) {
    flush();
    open(std::move(file));
}

void AccessLog::append(const AccessRecord& record, std::chrono::system_clock::time_point now) {
    if (!file_) return;
    refresh_date(now);
    append_word(pending_, record.client);
    pending_ += " - ";
    append_word(pending_, record.user);
    pending_ += date_;
    append_request(pending_, record);
    pending_ += ' ';
    append_number(pending_, record.status);
    pending_ += ' ';
    append_number(pending_, record.body_bytes);
    pending_ += ' ';
    append_in_quotes(pending_, record.referer);
    pending_ += ' ';
    append_in_quotes(pending_, record.user_agent);
    pending_ += '\n';
    if (pending_.size() >= kGatheredAtMost) flush();
}

void AccessLog::refresh_date(std::chrono::system_clock::time_point now) {
    using namespace std::chrono;
    static constexpr std::array<std::string_view, 12> kMonths = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto second = floor<seconds>(now);
    if (second.time_since_epoch().count() == dated_) return;
    dated_ = second.time_since_epoch().count();
    const auto day = floor<days>(second);
    const year_month_day date(day);
    const hh_mm_ss time(second - day);
    date_ = fmt::format(" [{:02}/{}/{:04}:{:02}:{:02}:{:02} +0000] ", unsigned{date.day()},
                        kMonths.at(unsigned{date.month()} - 1), int{date.year()},
                        time.hours().count(), time.minutes().count(), time.seconds().count());
}

void AccessLog::flush() {
    std::size_t written = 0;
    while (written < pending_.size()) {
        const std::size_t taken = write_some(std::string_view(pending_).substr(written));
        if (taken == 0) break;
        written += taken;
    }
    if (written < pending_.size()) return drop_unwritten(written);
    pending_.clear();
    line_begun_ = false;
}

std::size_t AccessLog::write_some(std::string_view bytes) {
    ssize_t taken = 0;
    do {
        if (kind_ == Kind::Socket) {
            taken = send(file_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        } else if (kind_ == Kind::Other) {
            // A pipe that polls writable takes PIPE_BUF bytes without waiting, even a blocking one.
            pollfd ready{.fd = file_.get(), .events = POLLOUT, .revents = 0};
            if (poll(&ready, 1, 0) == 0) return 0;
            bytes = bytes.substr(0, PIPE_BUF);
            taken = write(file_.get(), bytes.data(), bytes.size());
        } else {
            taken = write(file_.get(), bytes.data(), bytes.size());
        }
    } while (taken < 0 && errno == EINTR);
    return taken < 0 ? 0 : static_cast<std::size_t>(taken);
}

void AccessLog::drop_unwritten(std::size_t written) {
    const bool between_lines = written == 0 ? !line_begun_ : pending_[written - 1] == '\n';
    const std::size_t rest = between_lines ? written : pending_.find('\n', written) + 1;
    lost_ += static_cast<std::uint64_t>(
        std::count(pending_.begin() + static_cast<std::ptrdiff_t>(rest), pending_.end(), '\n'));
    pending_.erase(rest);
    pending_.erase(0, written);
    line_begun_ = !pending_.empty();
}

}  // namespace bundle
