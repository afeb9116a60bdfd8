#include "shared/command/command_table.hpp"

#include <CLI/CLI.hpp>

namespace bundle {

namespace {

ArgumentRow row_of(const CLI::Option& option) {
    const std::string value = option.get_type_size_max() == 0 ? "" : option.get_type_name();
    if (option.get_positional()) return {value, value, option.get_description(), true};
    const bool repeats = !value.empty() && option.get_expected_max() > 1;
    return {"--" + option.get_lnames().front(), value, option.get_description(), false, repeats};
}

VerbRow row_of(const CLI::App& verb) {
    VerbRow row{verb.get_name(), verb.get_description(), {}};
    for (const CLI::Option* option : verb.get_options()) {
        const bool is_hidden = option->get_group().empty();
        if (!is_hidden) row.arguments.push_back(row_of(*option));
    }
    return row;
}

}  // namespace

std::vector<VerbRow> command_table(const CLI::App& app) {
    std::vector<VerbRow> verbs;
    for (const CLI::App* verb : app.get_subcommands({})) verbs.push_back(row_of(*verb));
    return verbs;
}

}  // namespace bundle
