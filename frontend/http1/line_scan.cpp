#include "frontend/http1/line_scan.hpp"

#include <algorithm>

namespace bundle::http1 {

LineScan::Outcome LineScan::advance(std::string_view bytes, const LineLimits& limits) {
    for (;;) {
        const auto line_feed = bytes.find('\n', searched_);
        if (std::min(line_feed, bytes.size()) > last_place_for_line_feed(limits))
            return refuse_length(limits);
        if (line_feed == std::string_view::npos) {
            searched_ = bytes.size();
            return Outcome::NeedMore;
        }
        if (line_feed == line_start_ || bytes[line_feed - 1] != '\r')
            return refuse(400, "line feed without a carriage return");
        const auto line = bytes.substr(line_start_, line_feed - 1 - line_start_);
        line_start_ = searched_ = line_feed + 1;
        if (const auto outcome = check_line(line, limits); outcome != Outcome::NeedMore)
            return outcome;
    }
}

LineScan::Outcome LineScan::check_line(std::string_view line, const LineLimits& limits) {
    if (expects_request_line_) {
        expects_request_line_ = false;
        return Outcome::RequestLine;
    }
    if (line.empty()) return Outcome::End;
    if (line.front() == ' ' || line.front() == '\t') return refuse(400, "folded field line");
    if (line.front() == '\r') return refuse(400, "carriage return without a line feed");
    if (line.front() == ':') return refuse(400, "field without a name");
    if (++field_lines_ > limits.field_lines)
        return refuse(431, "too many fields", Limit::FieldCount);
    return Outcome::NeedMore;
}

std::size_t LineScan::last_place_for_line_feed(const LineLimits& limits) const {
    const Bytes line = expects_request_line_ ? limits.first_line : limits.field_line;
    return std::min(line_start_ + line.count + 1, limits.section.count - 1);
}

LineScan::Outcome LineScan::refuse_length(const LineLimits& limits) {
    if (last_place_for_line_feed(limits) == limits.section.count - 1)
        return refuse(431, expects_request_line_ ? "head too large" : "fields too large",
                      Limit::HeadSize);
    return expects_request_line_ ? refuse(414, "request line too long", Limit::RequestLine)
                                 : refuse(431, "field too long", Limit::HeaderSize);
}

LineScan::Outcome LineScan::refuse(std::uint16_t status, std::string_view reason, Limit limit) {
    refusal_ = {status, reason, limit};
    return Outcome::Refused;
}

}  // namespace bundle::http1
