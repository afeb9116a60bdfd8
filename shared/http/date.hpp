// Dates of HTTP (RFC 9110 section 5.6.7): one form is written, three are read.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace bundle {

// "Sun, 06 Nov 1994 08:49:37 GMT", rounded down to the second.
std::string http_date(std::chrono::system_clock::time_point moment);

// Reads "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT" and "Sun Nov  6 08:49:37
// 1994". Nothing for any other text: a conditional request whose date cannot be read is an
// unconditional one. `now` says which century the two digits of the second form mean.
std::optional<std::chrono::sys_seconds> parse_http_date(
    std::string_view text,
    std::chrono::system_clock::time_point now = std::chrono::system_clock::now());

// The Date field of answers, written anew only when the second changes.
class DateField {
  public:
    // Good until the next call.
    std::string_view at(std::chrono::system_clock::time_point now);

  private:
    std::string text_;
    std::chrono::sys_seconds second_{};
};

}  // namespace bundle
