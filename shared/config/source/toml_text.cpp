#include "shared/config/source/toml_text.hpp"

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
        const bool is_no_value = error.description().find("value type") != std::string_view::npos;
        return tl::unexpected(Problem{
            {std::move(source), where.line, where.column},
            std::string(error.description()) + (is_no_value ? "; a text stands in quotes" : "")
        });
    }
}

}  // namespace bundle::config
