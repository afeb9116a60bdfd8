#include "shared/config/source/toml_text.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <string>
#include <utility>

namespace bundle::config {

namespace {

class Conversion {
  public:
    explicit Conversion(std::shared_ptr<const Source> source) : source_(std::move(source)) {}

    [[nodiscard]] Node node(const toml::node& from) const {
        Node node{origin(from.source()), Date{}};
        from.visit([&](const auto& value) { node.value = content(value); });
        return node;
    }

  private:
    [[nodiscard]] Origin origin(const toml::source_region& region) const {
        return {source_, region.begin.line, region.begin.column};
    }

    using Content = decltype(Node::value);
    [[nodiscard]] Content content(const toml::table& from) const {
        Table table;
        for (const auto& [key, value] : from)
            table.push_back({std::string(key.str()), origin(key.source()), node(value)});
        // toml++ sorts by name; the order of the file is the order of apps and of messages.
        std::ranges::stable_sort(table, {}, [](const Member& member) {
            return std::pair(member.origin.line, member.origin.column);
        });
        return table;
    }
    [[nodiscard]] Content content(const toml::array& from) const {
        List list;
        for (const toml::node& item : from) list.push_back(node(item));
        return list;
    }
    [[nodiscard]] Content content(const toml::value<std::string>& from) const {
        return Text{*from};
    }
    [[nodiscard]] Content content(const toml::value<std::int64_t>& from) const { return *from; }
    [[nodiscard]] Content content(const toml::value<double>& from) const { return *from; }
    [[nodiscard]] Content content(const toml::value<bool>& from) const { return *from; }
    template <typename DateOrTime>
    [[nodiscard]] Content content(const toml::value<DateOrTime>&) const {
        return Date{};
    }

    std::shared_ptr<const Source> source_;
};

// Word processors and web pages make these of straight quotes.
bool has_typographic_quote(std::string_view line) {
    for (const std::string_view quote : {"\u201c", "\u201d", "\u201e", "\u2018", "\u2019"})
        if (line.find(quote) != std::string_view::npos) return true;
    return false;
}

std::string_view line_of(std::string_view text, std::size_t number) {
    for (; number > 1 && text.find('\n') != std::string_view::npos; --number)
        text.remove_prefix(text.find('\n') + 1);
    return text.substr(0, text.find('\n'));
}

// The parser says what it saw; a person wants to know what to write.
std::string in_our_words(std::string_view told, std::string_view text, std::size_t line) {
    const auto tells = [told](std::string_view part) {
        return told.find(part) != std::string_view::npos;
    };
    // A text that has no end meets the end of its line.
    const bool has_no_end = tells("while parsing string") &&
                            (tells("control characters other than TAB") || tells("end-of-file"));
    if (has_no_end) return "Error while parsing string: the text has no closing quote";
    if (has_typographic_quote(line_of(text, line)) && !tells("while parsing string"))
        return fmt::format(
            "{}; these are typographic quotes, and TOML wants straight ones: \"...\"", told);
    return fmt::format("{}{}", told, tells("value type") ? "; a text stands in quotes" : "");
}

}  // namespace

tl::expected<Node, Problem> parse_toml(std::string_view text,
                                       std::shared_ptr<const Source> source) {
    try {
        const toml::table root = toml::parse(text);
        Node node = Conversion(source).node(root);
        node.origin = {std::move(source), 0, 0};
        return node;
    } catch (const toml::parse_error& error) {
        const toml::source_position where = error.source().begin;
        return tl::unexpected(Problem{
            {std::move(source), where.line, where.column},
            in_our_words(error.description(), text, where.line)
        });
    }
}

}  // namespace bundle::config
