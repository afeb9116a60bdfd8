#include "shared/config/option/description.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "shared/config/option/foreign_names.hpp"
#include "shared/config/option/nearest.hpp"
#include "shared/config/options.hpp"

namespace bundle::config {

namespace {

using Form = TableDescription::Form;

std::string header_of(const std::string& path, Form form) {
    return form == Form::Listed ? "[[" + path + "]]" : "[" + path + "]";
}

// Builds the description of a table from its rows; `path` is "app.NAME".
class Describer {
  public:
    Describer(TableDescription& into, std::string path) : into_(into), path_(std::move(path)) {}

    template <typename Owner, typename Kind>
    void operator()(const Option<Owner, Kind>& row) const {
        into_.options.push_back({row.name, row.kind.describe(), row.help});
    }
    template <typename Owner, typename Part, typename Rows>
    void operator()(const Inlined<Owner, Part, Rows>& row) const {
        for_each_row(*row.rows, *this);
    }
    template <typename Owner, typename Part, typename Rows>
    void operator()(const SingleTable<Owner, Part, Rows>& row) const {
        add(row, Form::Single);
    }
    template <typename Owner, typename Part, typename Rows>
    void operator()(const ListedTable<Owner, Part, Rows>& row) const {
        add(row, Form::Listed);
    }
    template <typename Owner, typename Part, typename Rows>
    void operator()(const NamedTable<Owner, Part, Rows>& row) const {
        add(row, Form::Named);
    }

  private:
    template <typename Row>
    void add(const Row& row, Form form) const {
        std::string path =
            path_.empty() ? std::string(row.name) : fmt::format("{}.{}", path_, row.name);
        if (form == Form::Named) path += ".NAME";
        TableDescription part{std::string(row.name), header_of(path, form), form, row.help, {}, {}};
        for_each_row(*row.rows, Describer(part, path));
        into_.tables.push_back(std::move(part));
    }

    TableDescription& into_;
    std::string path_;
};

TableDescription describe_configuration() {
    TableDescription root;
    for_each_row(kConfigOptions, Describer(root, ""));
    return root;
}

std::vector<std::string_view> names_in(const TableDescription& table) {
    std::vector<std::string_view> names;
    for (const OptionDescription& option : table.options) names.push_back(option.name);
    for (const TableDescription& part : table.tables) names.push_back(part.name);
    return names;
}

// The first table in which that option is known.
std::optional<std::string_view> home_of(std::string_view option, const TableDescription& table) {
    if (table.find_option(option)) return table.header;
    for (const TableDescription& part : table.tables)
        if (const auto found = home_of(option, part)) return found;
    return std::nullopt;
}

}  // namespace

const OptionDescription* TableDescription::find_option(std::string_view option) const {
    const auto found = std::ranges::find(options, option, &OptionDescription::name);
    return found == options.end() ? nullptr : &*found;
}

const TableDescription* TableDescription::find_table(std::string_view table) const {
    const auto found = std::ranges::find(tables, table, &TableDescription::name);
    return found == tables.end() ? nullptr : &*found;
}

const TableDescription& configuration_description() {
    static const TableDescription description = describe_configuration();
    return description;
}

std::string what_was_meant(std::string_view key, const TableDescription& table) {
    if (const auto ours = our_name_for(key))
        return fmt::format("; here it is {} of {}", ours->option, ours->table);
    if (const auto home = home_of(key, configuration_description()))
        return fmt::format("; {} belongs to {}", key, *home);
    const auto names = names_in(table);
    if (const auto near = nearest(key, names)) return fmt::format("; did you mean {}?", *near);
    return fmt::format("; known here: {}", fmt::join(names, ", "));
}

}  // namespace bundle::config
