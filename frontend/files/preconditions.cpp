#include "frontend/files/preconditions.hpp"

#include <algorithm>

#include "shared/http/date.hpp"

namespace bundle {

namespace {

// RFC 9110 section 8.8.3.2. Our own tags are strong, so only the client's may be weak.
enum class Comparison { Weak, Strong };

bool list_holds(std::string_view list, std::string_view etag, Comparison comparison) {
    while (true) {
        list.remove_prefix(std::min(list.find_first_not_of(" \t,"), list.size()));
        const bool is_weak = list.starts_with("W/");
        if (is_weak) list.remove_prefix(2);
        // A tag may hold commas: only its quotes end it. What is no tag ends the list.
        const std::size_t end = list.starts_with('"') ? list.find('"', 1) : std::string_view::npos;
        if (end == std::string_view::npos) return false;
        const bool may_match = !is_weak || comparison == Comparison::Weak;
        if (may_match && list.substr(0, end + 1) == etag) return true;
        list.remove_prefix(end + 1);
    }
}

// Whether one of the lines of that name holds the tag, or is "*", which every file matches.
bool any_line_holds(const Headers& fields, std::string_view name, std::string_view etag,
                    Comparison comparison) {
    return std::ranges::any_of(fields, [&](const HeaderField& field) {
        return field.name == name &&
               (field.value == "*" || list_holds(field.value, etag, comparison));
    });
}

// Nothing that can be read as a date: the condition is ignored.
bool was_modified_after(std::string_view date, const Validators& now, bool if_unreadable) {
    // What clients send is what they were sent; that is told without reading it.
    if (date == now.last_modified) return false;
    const auto moment = parse_http_date(date);
    return moment ? now.modified > *moment : if_unreadable;
}

}  // namespace

Conditions Conditions::in(const Headers& fields) {
    Conditions found;
    const struct {
        std::string_view name;
        std::string_view Conditions::*value;
    } table[] = {
        {"if-none-match",       &Conditions::if_none_match      },
        {"if-modified-since",   &Conditions::if_modified_since  },
        {"range",               &Conditions::range              },
        {"if-range",            &Conditions::if_range           },
        {"if-match",            &Conditions::if_match           },
        {"if-unmodified-since", &Conditions::if_unmodified_since},
    };
    for (const HeaderField& field : fields) {
        // Nearly every field of nearly every request ends here.
        if (!field.name.starts_with("if-") && field.name != "range") continue;
        for (const auto& row : table)
            if (field.name == row.name && (found.*row.value).empty())
                found.*row.value = field.value;
    }
    return found;
}

Verdict check_preconditions(const Conditions& conditions, const Headers& fields,
                            const Validators& now) {
    if (!conditions.if_match.empty()) {
        if (!any_line_holds(fields, "if-match", now.etag, Comparison::Strong))
            return Verdict::Failed;
    } else if (!conditions.if_unmodified_since.empty()) {
        if (was_modified_after(conditions.if_unmodified_since, now, false)) return Verdict::Failed;
    }
    if (!conditions.if_none_match.empty()) {
        if (any_line_holds(fields, "if-none-match", now.etag, Comparison::Weak))
            return Verdict::NotModified;
    } else if (!conditions.if_modified_since.empty()) {
        if (!was_modified_after(conditions.if_modified_since, now, true))
            return Verdict::NotModified;
    }
    return Verdict::Proceed;
}

bool range_applies(const Conditions& conditions, const Validators& now) {
    // Both comparisons are exact (RFC 9110 section 13.1.5): joining parts of two states of a file
    // corrupts it.
    return conditions.if_range.empty() || conditions.if_range == now.etag ||
           conditions.if_range == now.last_modified;
}

}  // namespace bundle
