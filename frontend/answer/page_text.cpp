#include "frontend/answer/page_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "shared/base/check.hpp"

namespace bundle {

namespace {

std::string_view text_for(std::string_view name, std::span<const Blank> blanks) {
    const auto blank = std::ranges::find(blanks, name, &Blank::name);
    BUNDLE_CHECK(blank != blanks.end());
    return blank->text;
}

}  // namespace

std::string escaped_for_html(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '&' || c == '<' || c == '>' || c == '"' || c == '\'')
            fmt::format_to(std::back_inserter(escaped), "&#{};", static_cast<int>(c));
        else
            escaped += c;
    }
    return escaped;
}

std::string filled_in(std::string_view page, std::span<const Blank> blanks) {
    std::string filled;
    filled.reserve(page.size() + 256);
    for (std::size_t open = 0; (open = page.find("{{")) != std::string_view::npos;) {
        const std::size_t close = page.find("}}", open);
        const std::string_view name = page.substr(open + 2, close - open - 2);
        filled += page.substr(0, open);
        filled += text_for(name, blanks);
        page.remove_prefix(close + 2);
    }
    return filled += page;
}

}  // namespace bundle
