#include "frontend/observe/access_record.hpp"

#include <algorithm>

namespace bundle {

namespace {

using Length = RequestTimes::Length;

// The clock of a turn of the loop runs behind the one that is asked.
Length between(RequestTimes::Moment from, RequestTimes::Moment to) {
    return std::max(Length(to - from), Length::zero());
}

}  // namespace

std::optional<Length> RequestTimes::of(TimePart part) const {
    constexpr Moment kNever{};
    const Moment read = whole == kNever ? sent : whole;
    const Moment end_of_app = done == kNever ? sent : done;
    const bool was_begun = handed_over != kNever;
    switch (part) {
        case TimePart::Total:
            return between(received, sent);
        case TimePart::Read:
            return between(received, read);
        case TimePart::Queue:
            if (!asked_app) return std::nullopt;
            return between(read, was_begun ? handed_over : sent);
        case TimePart::AppFirst:
            if (first == kNever) return std::nullopt;
            return between(handed_over, first);
        case TimePart::App:
            if (!was_begun) return std::nullopt;
            return between(handed_over, end_of_app);
        case TimePart::Send:
            if (asked_app && !was_begun) return std::nullopt;
            return between(was_begun ? end_of_app : read, sent);
        case TimePart::QueueToFirst:
            if (first == kNever) return std::nullopt;
            return between(read, first);
        case TimePart::QueueToEnd:
            if (!was_begun) return std::nullopt;
            return between(read, end_of_app);
    }
    return std::nullopt;
}

}  // namespace bundle
