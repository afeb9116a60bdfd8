#include "shared/http/date.hpp"

#include <array>

#include <fmt/format.h>

namespace bundle {

namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 7> kWeekdays = {
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
};
constexpr std::array<std::string_view, 12> kMonths = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
};

// Reads a date from left to right; the first part that does not fit spoils the whole.
class DateReader {
  public:
    explicit DateReader(std::string_view text) : rest_(text) {}

    void literal(std::string_view expected) {
        if (!take(expected)) good_ = false;
    }

    // The weekday is read but not held against the date: RFC 9110 gives it no meaning of its own.
    void weekday(std::size_t letters) {
        for (const std::string_view name : kWeekdays)
            if (take(name.substr(0, letters))) return;
        good_ = false;
    }

    month month_name() {
        for (unsigned i = 0; i < kMonths.size(); ++i)
            if (take(kMonths[i])) return month{i + 1};
        good_ = false;
        return month{};
    }

    int digits(std::size_t count) {
        int number = 0;
        for (; count > 0; --count) {
            if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') {
                good_ = false;
                return 0;
            }
            number = number * 10 + (rest_.front() - '0');
            rest_.remove_prefix(1);
        }
        return number;
    }

    // asctime() pads with a space.
    int day_padded() { return take(" ") ? digits(1) : digits(2); }

    seconds time_of_day() {
        const int hour = digits(2);
        literal(":");
        const int minute = digits(2);
        literal(":");
        const int second = digits(2);  // 60 is a leap second
        if (hour > 23 || minute > 59 || second > 60) good_ = false;
        return hours{hour} + minutes{minute} + seconds{second};
    }

    [[nodiscard]] bool good() const { return good_ && rest_.empty(); }

  private:
    bool take(std::string_view expected) {
        if (!rest_.starts_with(expected)) return false;
        rest_.remove_prefix(expected.size());
        return true;
    }

    std::string_view rest_;
    bool good_ = true;
};

struct DateParts {
    year in_year{};
    month in_month{};
    int on_day = 0;
    seconds time{};
};

std::optional<sys_seconds> moment_of(const DateReader& read, const DateParts& parts) {
    const year_month_day date{parts.in_year, parts.in_month,
                              day{static_cast<unsigned>(parts.on_day)}};
    if (!read.good() || !date.ok()) return std::nullopt;
    return sys_days{date} + parts.time;
}

std::optional<sys_seconds> parse_fixdate(std::string_view text) {
    DateReader read(text);
    DateParts parts;
    read.weekday(3);
    read.literal(", ");
    parts.on_day = read.digits(2);
    read.literal(" ");
    parts.in_month = read.month_name();
    read.literal(" ");
    parts.in_year = year{read.digits(4)};
    read.literal(" ");
    parts.time = read.time_of_day();
    read.literal(" GMT");
    return moment_of(read, parts);
}

std::optional<sys_seconds> parse_rfc850(std::string_view text, sys_seconds now) {
    DateReader read(text);
    DateParts parts;
    read.weekday(std::string_view::npos);
    read.literal(", ");
    parts.on_day = read.digits(2);
    read.literal("-");
    parts.in_month = read.month_name();
    read.literal("-");
    // What seems to lie more than 50 years ahead is of the century before.
    const int this_year = static_cast<int>(year_month_day{floor<days>(now)}.year());
    int full_year = this_year - this_year % 100 + read.digits(2);
    if (full_year > this_year + 50) full_year -= 100;
    parts.in_year = year{full_year};
    read.literal(" ");
    parts.time = read.time_of_day();
    read.literal(" GMT");
    return moment_of(read, parts);
}

std::optional<sys_seconds> parse_asctime(std::string_view text) {
    DateReader read(text);
    DateParts parts;
    read.weekday(3);
    read.literal(" ");
    parts.in_month = read.month_name();
    read.literal(" ");
    parts.on_day = read.day_padded();
    read.literal(" ");
    parts.time = read.time_of_day();
    read.literal(" ");
    parts.in_year = year{read.digits(4)};
    return moment_of(read, parts);
}

}  // namespace

std::string http_date(system_clock::time_point moment) {
    const auto second = floor<seconds>(moment);
    const auto today = floor<days>(second);
    const year_month_day date{today};
    const hh_mm_ss time{second - today};
    return fmt::format(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
        kWeekdays[weekday{today}.c_encoding()].substr(0, 3), static_cast<unsigned>(date.day()),
        kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
        time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::optional<sys_seconds> parse_http_date(std::string_view text, system_clock::time_point now) {
    if (text.size() > 3 && text[3] == ',') return parse_fixdate(text);
    if (text.size() > 3 && text[3] == ' ') return parse_asctime(text);
    return parse_rfc850(text, floor<seconds>(now));
}

std::string_view DateField::at(system_clock::time_point now) {
    const auto second = floor<seconds>(now);
    if (second != second_ || text_.empty()) {
        text_ = http_date(now);
        second_ = second;
    }
    return text_;
}

}  // namespace bundle
