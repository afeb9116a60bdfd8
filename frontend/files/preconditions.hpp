// Conditional requests (RFC 9110 section 13): may this one be carried out on the file as it is now?
#pragma once
#include <chrono>
#include <string_view>

#include "shared/http/headers.hpp"

namespace bundle {

// Of the file as it is now.
struct Validators {
    std::string_view etag;           // strong, with its quotes
    std::string_view last_modified;  // as sent; "" when none is
    std::chrono::sys_seconds modified;
};

// The fields that ask for less than the whole file. The first of each name; "" where there is none.
struct Conditions {
    std::string_view if_match;
    std::string_view if_unmodified_since;
    std::string_view if_none_match;
    std::string_view if_modified_since;
    std::string_view if_range;
    std::string_view range;

    // `fields` have their names in lower case.
    static Conditions in(const Headers& fields);
};

enum class Verdict {
    Proceed,
    NotModified,  // 304: the client has it already
    Failed,       // 412: the client speaks of another state of the file
};

// Of a GET or HEAD, in the order of RFC 9110 section 13.2.2. `fields` are those that `conditions`
// were made from: a list of tags may come in several lines.
Verdict check_preconditions(const Conditions& conditions, const Headers& fields,
                            const Validators& now);

// Whether the Range of the request means the file as it is now, and not an older one that the
// client has a part of.
bool range_applies(const Conditions& conditions, const Validators& now);

}  // namespace bundle
