// Reads a merged tree by the rows: every option gets its value or its default, everything wrong is
// a problem.
#pragma once
#include <fmt/format.h>

#include <string>
#include <utility>

#include "shared/config/option/description.hpp"
#include "shared/config/option/option.hpp"
#include "shared/config/source/node.hpp"
#include "shared/config/source/problems.hpp"

namespace bundle::config {

class Reader {
  public:
    // `origins` learns where each option and table that is set was set.
    Reader(Problems& problems, Origins& origins) : problems_(problems), origins_(origins) {}

    // `name` is the full name of the table that `owner` is read from; empty: the whole file.
    template <typename Owner, typename Rows>
    void read(const Node& node, const std::string& name, const TableDescription& description,
              Owner& owner, const Rows& rows) {
        const Table& table = table_of(node, name, description);
        report_unknown(table, name, description);
        const Place place{node, table, name, description};
        for_each_row(rows, [&](const auto& row) { read_row(row, place, owner); });
    }

  private:
    // The table that is being read.
    struct Place {
        const Node& node;
        const Table& table;
        const std::string& name;
        const TableDescription& description;

        [[nodiscard]] std::string full_name(std::string_view key) const;
        // What stands under a row's name, or an empty table.
        [[nodiscard]] Node part_or_empty(std::string_view key) const;
    };

    template <typename Owner, typename Kind>
    void read_row(const Option<Owner, Kind>& row, const Place& place, Owner& owner) {
        owner.*row.member = row.kind.fallback();
        const Node* node = find(place.table, row.name);
        if (!node) {
            if (row.kind.describe().required) report_missing(row.name, place);
            return;
        }
        const std::string name = place.full_name(row.name);
        origins_.insert_or_assign(name, node->origin);
        if (has_broken_part(*node)) return problems_.mark_unusable(name);
        auto value = row.kind.read(*node);
        if (!value) return report_value(name, *node, value.error());
        owner.*row.member = std::move(*value);
    }

    template <typename Owner, typename Part, typename Rows>
    void read_row(const SingleTable<Owner, Part, Rows>& row, const Place& place, Owner& owner) {
        const Node part = place.part_or_empty(row.name);
        read(part, place.full_name(row.name), part_of(place, row.name), owner.*row.member,
             *row.rows);
    }

    template <typename Owner, typename Part, typename Rows>
    void read_row(const ListedTable<Owner, Part, Rows>& row, const Place& place, Owner& owner) {
        const std::string name = place.full_name(row.name);
        for (const Node& item : list_of(find(place.table, row.name), name)) {
            auto& parts = owner.*row.member;
            const std::string item_name = fmt::format("{}.{}", name, parts.size());
            origins_.insert_or_assign(item_name, item.origin);
            read(item, item_name, part_of(place, row.name), parts.emplace_back(), *row.rows);
        }
    }

    template <typename Owner, typename Part, typename Rows>
    void read_row(const NamedTable<Owner, Part, Rows>& row, const Place& place, Owner& owner) {
        const std::string name = place.full_name(row.name);
        for (const Member& member : named_tables_of(find(place.table, row.name), name)) {
            Part& part = (owner.*row.member).emplace_back();
            part.*row.part_name = member.key;
            const std::string part_name = name + "." + member.key;
            origins_.insert_or_assign(part_name, member.node.origin);
            read(member.node, part_name, part_of(place, row.name), part, *row.rows);
        }
    }

    template <typename Owner, typename Part, typename Rows>
    void read_row(const Inlined<Owner, Part, Rows>& row, const Place& place, Owner& owner) {
        for_each_row(*row.rows,
                     [&](const auto& inner) { read_row(inner, place, owner.*row.member); });
    }

    // An empty one, after a problem was told, when the node is something else.
    const Table& table_of(const Node& node, const std::string& name,
                          const TableDescription& description);
    const List& list_of(const Node* node, const std::string& name);
    const Table& named_tables_of(const Node* node, const std::string& name);

    void report_unknown(const Table& table, const std::string& name,
                        const TableDescription& description);
    void report_value(const std::string& name, const Node& node, const Error& error);
    void report_missing(std::string_view option, const Place& place);
    static const TableDescription& part_of(const Place& place, std::string_view name);

    Problems& problems_;
    Origins& origins_;
};

}  // namespace bundle::config
