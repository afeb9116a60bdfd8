// Finds the end of a head or a trailer section while its bytes come, and checks its lines on the
// way.
//
// llhttp knows no limits, and its strict mode still takes a bare LF for the end of some lines,
// folded lines and empty names. Here every LF must follow a CR. (A CR inside a line is left to
// those who read the line: none of them takes one for anything, and each refuses a line that
// another would end there.) What is found at a byte depends on the bytes before it alone: whole or
// split, the verdict is the same.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "frontend/request/request_head.hpp"
#include "shared/base/bytes.hpp"

namespace bundle::http1 {

struct LineLimits {
    Bytes first_line;  // without its line end, as `field_line`
    Bytes field_line;
    Bytes section;  // all of it, with line ends
    std::uint32_t field_lines = 0;
};

class LineScan {
  public:
    enum class FirstLine { IsRequestLine, IsField };
    enum class Outcome {
        NeedMore,
        RequestLine,  // the request line is bytes[0, line_end()); call again
        End,          // the section ends at end()
        Refused,      // see refusal()
    };

    explicit LineScan(FirstLine first) : expects_request_line_(first == FirstLine::IsRequestLine) {}

    // `bytes` is the section so far, from its first byte; it has only grown since the last call.
    Outcome advance(std::string_view bytes, const LineLimits& limits);

    [[nodiscard]] std::size_t line_end() const { return line_start_ - 2; }
    [[nodiscard]] std::size_t end() const { return line_start_; }
    [[nodiscard]] std::uint32_t field_lines() const { return field_lines_; }
    [[nodiscard]] const Refusal& refusal() const { return refusal_; }

  private:
    Outcome check_line(std::string_view line, const LineLimits& limits);
    Outcome refuse(std::uint16_t status, std::string_view reason, Limit limit = Limit::None);
    Outcome refuse_length(const LineLimits& limits);
    [[nodiscard]] std::size_t last_place_for_line_feed(const LineLimits& limits) const;

    bool expects_request_line_;
    std::uint32_t field_lines_ = 0;
    std::size_t line_start_ = 0;  // of the line that is not complete yet
    std::size_t searched_ = 0;    // no LF between line_start_ and here
    Refusal refusal_;
};

}  // namespace bundle::http1
