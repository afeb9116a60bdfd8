#include "shared/config/option/reader.hpp"

#include <algorithm>

#include "shared/base/check.hpp"

namespace bundle::config {

namespace {

const Table kNoTable;
const List kNoList;

bool is_number(std::string_view text) {
    return text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "site.0.route" as a file writes it: "site.route" belongs to the [[site]] above it.
std::string header_of(std::string_view name) {
    std::string header;
    for (std::size_t at = 0; at < name.size();) {
        const std::size_t end = std::min(name.find('.', at), name.size());
        const std::string_view part = name.substr(at, end - at);
        if (!is_number(part)) header += (header.empty() ? "" : ".") + std::string(part);
        at = end + 1;
    }
    return header;
}

}  // namespace

std::string Reader::Place::full_name(std::string_view key) const {
    return name.empty() ? std::string(key) : fmt::format("{}.{}", name, key);
}

Node Reader::Place::part_or_empty(std::string_view key) const {
    const Node* part = find(table, key);
    return part ? *part : Node{node.origin, Table{}};
}

const Table& Reader::table_of(const Node& node, const std::string& name,
                              const TableDescription& description) {
    if (const Table* table = node.table()) return *table;
    problems_.mark_unusable(name);
    if (has_broken_part(node)) return kNoTable;
    problems_.add(node.origin, fmt::format("{} is {}; it must be a table: write {}", name,
                                           shown(node), description.header));
    return kNoTable;
}

const List& Reader::list_of(const Node* node, const std::string& name) {
    if (!node) return kNoList;
    if (const List* list = node->list()) return *list;
    problems_.mark_unusable(name);
    problems_.add(node->origin, fmt::format("{} is {}; there may be several, so write [[{}]]", name,
                                            shown(*node), header_of(name)));
    return kNoList;
}

const Table& Reader::named_tables_of(const Node* node, const std::string& name) {
    if (!node) return kNoTable;
    if (const Table* table = node->table()) return *table;
    problems_.mark_unusable(name);
    problems_.add(node->origin, fmt::format("{0} is {1}; each has a name, so write [{0}.NAME]",
                                            name, shown(*node)));
    return kNoTable;
}

void Reader::report_unknown(const Table& table, const std::string& name,
                            const TableDescription& description) {
    for (const Member& member : table) {
        if (description.find_option(member.key) || description.find_table(member.key)) continue;
        problems_.add(member.origin,
                      fmt::format("{}{}{} is unknown{}", name, name.empty() ? "" : ".",
                                  shown_key(member.key), what_was_meant(member.key, description)));
    }
}

void Reader::report_value(const std::string& name, const Node& node, const Error& error) {
    problems_.mark_unusable(name);
    problems_.add(node.origin, fmt::format("{} is {}; {}", name, shown(node), error.message));
}

void Reader::report_missing(std::string_view option, const Place& place) {
    problems_.mark_unusable(place.full_name(option));
    if (!place.node.table()) return;  // that was told already
    problems_.add(place.node.origin,
                  fmt::format("{} has no {}, and needs one", place.name, option));
}

const TableDescription& Reader::part_of(const Place& place, std::string_view name) {
    const TableDescription* part = place.description.find_table(name);
    BUNDLE_CHECK(part);
    return *part;
}

}  // namespace bundle::config
