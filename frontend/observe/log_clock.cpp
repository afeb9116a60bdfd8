#include "frontend/observe/log_clock.hpp"

#include <fmt/format.h>

#include <array>

namespace bundle {

void LogClock::set(std::chrono::system_clock::time_point now) {
    using namespace std::chrono;
    static constexpr std::array<std::string_view, 12> kMonths = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    micros_ =
        static_cast<std::uint64_t>(duration_cast<microseconds>(now.time_since_epoch()).count());
    const auto second = floor<seconds>(now);
    if (second.time_since_epoch().count() == second_) return;
    second_ = second.time_since_epoch().count();
    const auto day = floor<days>(second);
    const year_month_day date(day);
    const hh_mm_ss time(second - day);
    const std::string of_day = fmt::format("{:02}:{:02}:{:02}", time.hours().count(),
                                           time.minutes().count(), time.seconds().count());
    common_ = fmt::format("{:02}/{}/{:04}:{} +0000", unsigned{date.day()},
                          kMonths.at(unsigned{date.month()} - 1), int{date.year()}, of_day);
    iso_ = fmt::format("{:04}-{:02}-{:02}T{}", int{date.year()}, unsigned{date.month()},
                       unsigned{date.day()}, of_day);
}

}  // namespace bundle
