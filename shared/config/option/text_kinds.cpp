// Kinds whose values are texts.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "shared/base/utf8.hpp"
#include "shared/config/listen_address.hpp"
#include "shared/config/option/kinds.hpp"
#include "shared/config/source/variables.hpp"

namespace bundle::config {

namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// What a value in a table of texts may be: the environment of an application may hold several
// lines.
Result<std::string> lines_of(const Node& node) {
    const Text* text = node.text();
    if (!text) return failure("it must be a text in quotes");
    if (!is_utf8(text->value)) return failure("it must be UTF-8");
    if (text->value.find('\0') != std::string::npos)
        return failure("it must not contain a zero byte");
    return text->value;
}

Result<std::string> line_of(const Node& node) {
    TRY_ASSIGN(std::string text, lines_of(node));
    if (std::ranges::any_of(text, is_control))
        return failure("it must not contain control characters");
    return text;
}

std::string absolute(const Origin& origin, const std::string& path) {
    const std::filesystem::path folder = origin.source ? origin.source->folder : "/";
    const auto normal = (folder / path).lexically_normal();
    // "/srv/static/" and "/srv/static" are one folder; std::filesystem says the first has an empty
    // name.
    return normal.has_filename() ? normal.string() : normal.parent_path().string();
}

Result<std::string> path_of(const Node& node) {
    TRY_ASSIGN(const std::string text, line_of(node));
    if (text.empty()) return failure("it must not be empty");
    return absolute(node.origin, text);
}

template <typename Item>
Result<std::vector<std::string>> items_of(const Node& node, Item item) {
    const List* list = node.list();
    if (!list) return failure("it must be a list of texts such as [\"one\", \"two\"]");
    std::vector<std::string> values;
    std::string complaints;
    for (const Node& entry : *list) {
        auto value = item(entry);
        if (value)
            values.push_back(std::move(*value));
        else
            complaints += fmt::format("{}for {}, {}", complaints.empty() ? "" : "; ", shown(entry),
                                      value.error().message);
    }
    if (!complaints.empty()) return failure(complaints);
    return values;
}

template <typename Item>
Result<std::map<std::string, std::string>> table_of(const Node& node, Item item) {
    const Table* table = node.table();
    if (!table) return failure("it must be a table such as { NAME = \"value\" }");
    std::map<std::string, std::string> values;
    for (const Member& member : *table) {
        if (member.key.empty() || !is_utf8(member.key) ||
            std::ranges::any_of(member.key, is_control))
            return failure(fmt::format("{} is no name", shown(member.key)));
        auto value = item(member.node);
        if (!value)
            return failure(fmt::format("for {} = {}, {}", member.key, shown(member.node),
                                       value.error().message));
        values.emplace(member.key, std::move(*value));
    }
    return values;
}

std::string print_list(const std::vector<std::string>& values) {
    std::string text;
    for (const std::string& value : values) text += (text.empty() ? "" : ", ") + toml_string(value);
    return "[" + text + "]";
}

std::string printed(std::string_view word) {
    return word == "true" || word == "false" ? std::string(word) : toml_string(word);
}

std::string alternatives(std::span<const std::string_view> words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
        text += printed(words[i]);
    }
    return text;
}

void describe_fallback(KindDescription& description, std::string_view fallback,
                       std::string_view empty) {
    description.fallback_is_toml = !fallback.empty();
    description.fallback = fallback.empty() ? std::string(empty) : toml_string(fallback);
}

constexpr std::string_view kStringSchema = R"("type": "string")";

}  // namespace

std::string toml_string(std::string_view text) { return basic_string(without_variables(text)); }

std::string basic_string(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            result += '\\';
            result += c;
        } else if (is_control(c)) {
            result += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        } else {
            result += c;
        }
    }
    return result + '"';
}

Result<std::string> Line::read(const Node& node) const {
    TRY_ASSIGN(std::string text, line_of(node));
    if (text.empty()) {
        if (rules_.required || !rules_.fallback.empty()) return failure("it must not be empty");
        return text;
    }
    if (rules_.check)
        if (auto problem = rules_.check(text)) return failure(std::move(*problem));
    return text;
}

std::string Line::print(const Value& value) const { return toml_string(value); }

KindDescription Line::describe() const {
    KindDescription description{.type = "text", .schema = std::string(kStringSchema)};
    description.required = rules_.required;
    describe_fallback(description, rules_.fallback, rules_.empty);
    return description;
}

Result<std::string> Lines::read(const Node& node) const { return lines_of(node); }

std::string Lines::print(const Value& value) const { return toml_string(value); }

KindDescription Lines::describe() const {
    KindDescription description{.type = "lines of text", .schema = std::string(kStringSchema)};
    describe_fallback(description, "", empty_);
    return description;
}

Result<std::string> Path::read(const Node& node) const {
    TRY_ASSIGN(std::string text, line_of(node));
    if (text.empty() && !rules_.fallback.empty()) return failure("it must not be empty");
    if (text.empty() || std::ranges::find(rules_.words, text) != rules_.words.end()) return text;
    return absolute(node.origin, text);
}

std::string Path::print(const Value& value) const { return toml_string(value); }

KindDescription Path::describe() const {
    KindDescription description{.type = "path", .schema = std::string(kStringSchema)};
    if (!rules_.words.empty()) description.range = "a path, or " + alternatives(rules_.words);
    describe_fallback(description, rules_.fallback, rules_.empty);
    return description;
}

Result<std::string> Address::read(const Node& node) const {
    constexpr std::string_view kUnix = "unix:";
    TRY_ASSIGN(std::string text, line_of(node));
    if (!word_.empty() && text == word_) return text;
    if (text.starts_with(kUnix) && text != kUnix && !text.starts_with("unix:@")) {
        text = fmt::format("{}{}", kUnix, absolute(node.origin, text.substr(kUnix.size())));
    }
    TRY(parse_listen_address(text));
    return text;
}

std::string Address::print(const Value& value) const { return toml_string(value); }

KindDescription Address::describe() const {
    return {.type = "address",
            .range = word_.empty() ? "" : fmt::format("an address, or \"{}\"", word_),
            .fallback = toml_string(fallback_),
            .schema = std::string(kStringSchema)};
}

Result<std::string> NameOrOff::read(const Node& node) const {
    TRY_ASSIGN(std::string text, line_of(node));
    if (text.empty()) return failure("it must be a name, or \"off\"");
    return text == "off" ? std::string() : text;
}

std::string NameOrOff::print(const Value& value) const {
    return value.empty() ? "\"off\"" : toml_string(value);
}

KindDescription NameOrOff::describe() const {
    return {.type = "name or \"off\"",
            .fallback = std::string(meaning_),
            .schema = std::string(kStringSchema),
            .fallback_is_toml = false};
}

Result<std::vector<std::string>> LineList::read(const Node& node) const {
    return items_of(node, [this](const Node& item) -> Result<std::string> {
        TRY_ASSIGN(std::string text, line_of(item));
        if (auto problem = check_(text)) return failure(std::move(*problem));
        return text;
    });
}

std::string LineList::print(const Value& value) const { return print_list(value); }

KindDescription LineList::describe() const {
    return {.type = "list of texts",
            .fallback = print(fallback()),
            .schema = R"("type": "array", "items": {"type": "string"})"};
}

Result<std::vector<std::string>> PathList::read(const Node& node) const {
    return items_of(node, path_of);
}

std::string PathList::print(const Value& value) const { return print_list(value); }

KindDescription PathList::describe() const {
    return {.type = "list of paths",
            .fallback = "[]",
            .schema = R"("type": "array", "items": {"type": "string"})"};
}

Result<std::map<std::string, std::string>> TextTable::read(const Node& node) const {
    return table_of(node, lines_of);
}

std::string TextTable::print(const Value& value) const {
    std::string text;
    for (const auto& [name, content] : value)
        text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", toml_string(name),
                            toml_string(content));
    return text.empty() ? "{}" : "{ " + text + " }";
}

KindDescription TextTable::describe() const {
    // The default is TOML for reference.md; for schema.json it would have to be JSON.
    const bool is_json = fallback_.empty();
    return {.type = "table of texts",
            .fallback = is_json ? "{}" : fmt::format("`{}`", print(fallback())),
            .schema = R"("type": "object", "additionalProperties": {"type": "string"})",
            .is_table = true,
            .fallback_is_toml = is_json};
}

Result<std::map<std::string, std::string>> TableOfPaths::read(const Node& node) const {
    return table_of(node, path_of);
}

std::string TableOfPaths::print(const Value& value) const { return TextTable().print(value); }

KindDescription TableOfPaths::describe() const {
    KindDescription description = TextTable().describe();
    description.type = "table of paths";
    return description;
}

std::string WordList::print(std::size_t index) const { return printed(words[index]); }

Result<std::size_t> WordList::read(const Node& node) const {
    const Text* text = node.text();
    const bool* flag = std::get_if<bool>(&node.value);
    std::string_view word = text ? std::string_view(text->value) : std::string_view();
    if (flag != nullptr) word = *flag ? "true" : "false";
    const auto found = std::ranges::find(words, word);
    if (found == words.end()) return failure("it must be " + alternatives(words));
    return static_cast<std::size_t>(found - words.begin());
}

KindDescription WordList::describe(std::size_t fallback) const {
    std::string list;
    for (const std::string_view word : words) list += (list.empty() ? "" : ", ") + printed(word);
    return {.type = "word",
            .range = alternatives(words),
            .fallback = print(fallback),
            .schema = fmt::format(R"("anyOf": [{{"enum": [{}]}}, {{"$ref": "#/$defs/variable"}}])",
                                  list)};
}

}  // namespace bundle::config
