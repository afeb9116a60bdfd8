#include "shared/config/reference/schema.hpp"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "shared/config/option/description.hpp"

namespace bundle::config {

namespace {

using Form = TableDescription::Form;

// What the kinds of value refer to. A string that holds "${NAME}" may become anything.
constexpr std::string_view kDefinitions = R"(  "$defs": {
    "variable": {"type": "string", "pattern": "\\$\\{"},
    "duration": {
      "anyOf": [
        {"type": "string", "pattern": "^[0-9]+(ms|s|m|h|d)$"},
        {"type": "number", "minimum": 0},
        {"$ref": "#/$defs/variable"}
      ]
    },
    "size": {
      "anyOf": [
        {"type": "string", "pattern": "^([0-9]+[KMGTkmgt]?|unlimited)$"},
        {"type": "integer", "minimum": 0},
        {"$ref": "#/$defs/variable"}
      ]
    },
    "mode": {
      "anyOf": [{"type": "string", "pattern": "^[0-7]{1,5}$"}, {"$ref": "#/$defs/variable"}]
    }
  }
)";

std::string property(const OptionDescription& option) {
    std::string inside =
        fmt::format(R"("description": {}, {})", basic_string(option.help), option.kind.schema);
    if (!option.kind.required && option.kind.fallback_is_toml)
        inside += fmt::format(R"(, "default": {})", option.kind.fallback);
    return fmt::format("{}: {{{}}}", basic_string(option.name), inside);
}

class SchemaWriter {
  public:
    void write(const TableDescription& table, int depth) {
        const std::string outer(static_cast<std::size_t>(depth) * 2, ' ');
        text_ += outer + "\"type\": \"object\",\n" + outer + "\"additionalProperties\": false,\n";
        write_required(table, outer);
        text_ += outer + "\"properties\": {\n";
        write_properties(table, depth + 1);
        text_ += "\n" + outer + "}";
    }

    std::string text_;

  private:
    void write_required(const TableDescription& table, const std::string& indent) {
        std::string names;
        for (const OptionDescription& option : table.options)
            if (option.kind.required)
                names += (names.empty() ? "" : ", ") + basic_string(option.name);
        if (!names.empty()) text_ += fmt::format("{}\"required\": [{}],\n", indent, names);
    }

    void write_properties(const TableDescription& table, int depth) {
        const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
        std::string_view separator;
        for (const OptionDescription& option : table.options) {
            text_ += fmt::format("{}{}{}", separator, indent, property(option));
            separator = ",\n";
        }
        for (const TableDescription& part : table.tables) {
            text_ += fmt::format("{}{}{}: {{\n", separator, indent, basic_string(part.name));
            write_part(part, depth + 1);
            text_ += "\n" + indent + "}";
            separator = ",\n";
        }
    }

    // [[listen]] is an array of objects, [app.NAME] an object of objects.
    void write_part(const TableDescription& part, int depth) {
        const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
        text_ += fmt::format("{}\"description\": {},\n", indent, basic_string(part.help));
        if (part.form == Form::Single) return write(part, depth);
        text_ += part.form == Form::Listed
                     ? fmt::format("{0}\"type\": \"array\",\n{0}\"items\": {{\n", indent)
                     : fmt::format("{0}\"type\": \"object\",\n{0}\"additionalProperties\": {{\n",
                                   indent);
        write(part, depth + 1);
        text_ += "\n" + indent + "}";
    }
};

}  // namespace

std::string json_schema() {
    SchemaWriter writer;
    writer.write(configuration_description(), 1);
    return fmt::format(
        "{{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
        "  \"title\": \"site.toml of bundle\",\n"
        "  \"$comment\": \"Generated: bundle reference --schema > conf/schema.json\",\n{},\n{}}}\n",
        writer.text_, kDefinitions);
}

}  // namespace bundle::config
