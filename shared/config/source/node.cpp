#include "shared/config/source/node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "shared/base/log.hpp"

namespace bundle::config {

namespace {

struct Shown {
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
    std::string operator()(double value) const { return fmt::format("{}", value); }
    std::string operator()(const Text& text) const { return shown(text.value); }
    std::string operator()(const Date&) const { return "a date"; }
    std::string operator()(const Broken&) const { return "broken"; }
    std::string operator()(const List&) const { return "a list"; }
    std::string operator()(const Table&) const { return "a table"; }
};

}  // namespace

const Node* find(const Table& table, std::string_view key) {
    const auto found = std::ranges::find(table, key, &Member::key);
    return found == table.end() ? nullptr : &found->node;
}

Node* find(Table& table, std::string_view key) {
    return const_cast<Node*>(find(std::as_const(table), key));
}

Node& find_or_add_table(Table& table, std::string_view key, const Origin& origin) {
    if (Node* known = find(table, key)) return *known;
    table.push_back({
        std::string(key), origin, Node{origin, Table{}}
    });
    return table.back().node;
}

void set(Table& table, std::string_view key, Node node) {
    const Origin origin = node.origin;
    if (Node* known = find(table, key)) {
        *known = std::move(node);
    } else {
        table.push_back({std::string(key), origin, std::move(node)});
    }
}

bool has_broken_part(const Node& node) {
    if (const Table* table = node.table())
        return std::ranges::any_of(*table, has_broken_part, &Member::node);
    if (const List* list = node.list()) return std::ranges::any_of(*list, has_broken_part);
    return std::holds_alternative<Broken>(node.value);
}

std::string shown(const Node& node) { return std::visit(Shown{}, node.value); }

std::string shown(std::string_view text) {
    constexpr std::size_t kLongest = 80;
    if (text.size() <= kLongest) return log_quoted(text);
    return log_quoted(text.substr(0, kLongest)) + "...";
}

std::string shown_key(std::string_view key) {
    const auto is_bare = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
    };
    return !key.empty() && std::ranges::all_of(key, is_bare) ? std::string(key) : shown(key);
}

}  // namespace bundle::config
