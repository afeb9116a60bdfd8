// Rows: one per option and table. A row is the parser, the default, the check, the line in
// reference.md and schema.json, and what `bundle config` prints.
#pragma once
#include <string_view>
#include <tuple>
#include <vector>

#include "shared/config/option/kinds.hpp"

namespace bundle::config {

template <typename Owner, typename Kind>
struct Option {
    std::string_view name;
    typename Kind::Value Owner::*member;
    Kind kind;
    std::string_view help;
};

// [log.access]
template <typename Owner, typename Part, typename Rows>
struct SingleTable {
    std::string_view name;
    Part Owner::*member;
    const Rows* rows;
    std::string_view help;
};

// [[listen]]
template <typename Owner, typename Part, typename Rows>
struct ListedTable {
    std::string_view name;
    std::vector<Part> Owner::*member;
    const Rows* rows;
    std::string_view help;
};

// [app.NAME]
template <typename Owner, typename Part, typename Rows>
struct NamedTable {
    std::string_view name;
    std::vector<Part> Owner::*member;
    std::string Part::*part_name;
    const Rows* rows;
    std::string_view help;
};

// Rows of a part of the owner that stand in the owner's own table.
template <typename Owner, typename Part, typename Rows>
struct Inlined {
    Part Owner::*member;
    const Rows* rows;
};

template <typename Owner, typename Kind>
constexpr auto option(std::string_view name, typename Kind::Value Owner::*member, Kind kind,
                      std::string_view help) {
    return Option<Owner, Kind>{name, member, kind, help};
}

template <typename Owner>
constexpr auto option(std::string_view name, Duration::Value Owner::*member,
                      Duration::Value fallback, Range<Duration::Value> range,
                      std::string_view help) {
    return Option<Owner, Duration>{
        name, member, {fallback, range},
          help
    };
}

template <typename Owner>
constexpr auto option(std::string_view name, Size::Value Owner::*member, Size::Value fallback,
                      Range<Size::Value> range, std::string_view help) {
    return Option<Owner, Size>{
        name, member, {fallback, range},
          help
    };
}

template <typename Owner>
constexpr auto option(std::string_view name, Count::Value Owner::*member, Count::Value fallback,
                      Range<Count::Value> range, std::string_view help) {
    return Option<Owner, Count>{
        name, member, {fallback, range},
          help
    };
}

template <typename Owner, typename Part, typename Rows>
constexpr auto table(std::string_view name, Part Owner::*member, const Rows& rows,
                     std::string_view help) {
    return SingleTable<Owner, Part, Rows>{name, member, &rows, help};
}

template <typename Owner, typename Part, typename Rows>
constexpr auto tables(std::string_view name, std::vector<Part> Owner::*member, const Rows& rows,
                      std::string_view help) {
    return ListedTable<Owner, Part, Rows>{name, member, &rows, help};
}

template <typename Owner, typename Part, typename Rows>
constexpr auto tables(std::string_view name, std::vector<Part> Owner::*member,
                      std::string Part::*part_name, const Rows& rows, std::string_view help) {
    return NamedTable<Owner, Part, Rows>{name, member, part_name, &rows, help};
}

template <typename Owner, typename Part, typename Rows>
constexpr auto inlined(Part Owner::*member, const Rows& rows) {
    return Inlined<Owner, Part, Rows>{member, &rows};
}

// Calls `visit` with each row in turn.
template <typename Rows, typename Visit>
void for_each_row(const Rows& rows, Visit visit) {
    std::apply([&](const auto&... row) { (visit(row), ...); }, rows);
}

// What an empty table gives; tables below it stay as they are.
template <typename Owner, typename Rows>
Owner with_defaults(const Rows& rows) {
    Owner owner;
    for_each_row(rows, [&owner](const auto& row) {
        if constexpr (requires { row.kind; }) owner.*row.member = row.kind.fallback();
    });
    return owner;
}

}  // namespace bundle::config
