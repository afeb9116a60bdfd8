// What the rows say, as plain data: for reference.md, schema.json, and for naming what a key could
// have meant.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "shared/config/option/option.hpp"

namespace bundle::config {

struct OptionDescription {
    std::string_view name;
    KindDescription kind;
    std::string_view help;
};

struct TableDescription {
    enum class Form { Single, Listed, Named };  // [log], [[listen]], [app.NAME]
    std::string name;                           // "app", "queue"; empty: the whole file
    std::string header;                         // "[app.NAME.queue]"
    Form form = Form::Single;
    std::string_view help;
    std::vector<OptionDescription> options;
    std::vector<TableDescription> tables;

    [[nodiscard]] const OptionDescription* find_option(std::string_view option) const;
    [[nodiscard]] const TableDescription* find_table(std::string_view table) const;
};

// Of the whole file.
const TableDescription& configuration_description();

// Ends the sentence "http.hed_timeout is unknown": `; did you mean head_timeout?`, or where that
// key belongs, or what it is called here.
std::string what_was_meant(std::string_view key, const TableDescription& table);

}  // namespace bundle::config
