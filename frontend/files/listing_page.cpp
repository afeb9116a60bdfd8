#include "frontend/files/listing_page.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "frontend/answer/page_text.hpp"
#include "shared/base/utf8.hpp"
#include "shared/http/date.hpp"
#include "shared/http/url_path.hpp"
#include "static/listing_page.hpp"

namespace bundle {

namespace {

using Entry = DirectoryListing::Entry;

std::string as_utf8(std::string_view name) {
    if (is_utf8(name)) return std::string(name);
    std::string text;
    for (const char c : name) {
        if (static_cast<unsigned char>(c) < 0x80)
            text += c;
        else
            text += "\xef\xbf\xbd";
    }
    return text;
}

// "12 B", "1.5 kB", "20 MB".
std::string readable(std::uint64_t size) {
    constexpr std::array<std::string_view, 5> kUnits = {"B", "kB", "MB", "GB", "TB"};
    auto value = static_cast<double>(size);
    std::size_t unit = 0;
    for (; value >= 999.5 && unit + 1 < kUnits.size(); ++unit) value /= 1000;
    const int decimals = unit > 0 && value < 9.95 ? 1 : 0;
    return fmt::format("{:.{}f} {}", value, decimals, kUnits.at(unit));
}

// "./" keeps a name with a colon from being read as a scheme.
std::string row(const Entry& entry) {
    const std::string_view slash = entry.is_directory ? "/" : "";
    return fmt::format(
        "<tr><td><a href=\"./{0}{1}\">{2}{1}</a></td><td>{3}</td>"
        "<td>{4:%Y-%m-%d %H:%M}</td></tr>\n",
        escaped_for_html(encoded_path(entry.name)), slash, escaped_for_html(as_utf8(entry.name)),
        entry.is_directory ? "" : readable(entry.size), entry.modified);
}

std::string escaped_for_json(std::string_view utf8) {
    std::string escaped;
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f || c == '"' || c == '\\')
            fmt::format_to(std::back_inserter(escaped), "\\u{:04x}", byte);
        else
            escaped += c;
    }
    return escaped;
}

}  // namespace

std::string listing_page(std::string_view path, Parent parent, const DirectoryListing& listing) {
    std::string rows;
    if (parent == Parent::Linked)
        rows += "<tr><td><a href=\"../\">../</a></td><td></td><td></td></tr>\n";
    for (const Entry& entry : listing.entries) rows += row(entry);
    const std::string title = escaped_for_html(as_utf8(path));
    const std::string note = listing.is_cut ? "<p>There is more than is shown here.</p>\n" : "";
    const std::array blanks = std::to_array<Blank>({
        {"title", title},
        {"rows",  rows },
        {"note",  note },
    });
    return filled_in(kListingTemplate, blanks);
}

std::string listing_json(const DirectoryListing& listing) {
    std::string json = "[";
    for (const Entry& entry : listing.entries) {
        json += json.size() > 1 ? ",\n" : "\n";
        json += fmt::format(R"({{"name": "{}", "type": "{}", "mtime": "{}")",
                            escaped_for_json(as_utf8(entry.name)),
                            entry.is_directory ? "directory" : "file", http_date(entry.modified));
        if (!entry.is_directory) json += fmt::format(R"(, "size": {})", entry.size);
        json += '}';
    }
    return json += "\n]\n";
}

}  // namespace bundle
