// Text for pages that we make: templates that are filled in, and what comes from outside escaped.
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace bundle {

std::string escaped_for_html(std::string_view text);

// Stands in a page as {{name}}.
struct Blank {
    std::string_view name;
    std::string_view text;
};
// Every blank that the page has is among `blanks`.
std::string filled_in(std::string_view page, std::span<const Blank> blanks);

}  // namespace bundle
