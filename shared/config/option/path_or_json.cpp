#include "shared/config/option/path_or_json.hpp"

#include <fmt/format.h>

#include <utility>

#include "shared/base/json_text.hpp"

namespace bundle::config {

namespace {

// The parts of a list or a table.
template <typename Parts, typename Append>
Result<void> append_parts(std::string& out, const Parts& parts, Append append) {
    bool is_first = true;
    for (const auto& part : parts) {
        if (!std::exchange(is_first, false)) out += ',';
        TRY(append(part));
    }
    return {};
}

Result<void> append_node(std::string& out, const Node& node) {
    if (const auto* flag = std::get_if<bool>(&node.value)) {
        out += *flag ? "true" : "false";
    } else if (const auto* whole = std::get_if<std::int64_t>(&node.value)) {
        out += fmt::format_int(*whole).str();
    } else if (const auto* number = std::get_if<double>(&node.value)) {
        out += fmt::format("{}", *number);
    } else if (const Text* text = node.text()) {
        append_json(out, text->value);
    } else if (const List* list = node.list()) {
        out += '[';
        TRY(append_parts(out, *list, [&out](const Node& item) { return append_node(out, item); }));
        out += ']';
    } else if (const Table* table = node.table()) {
        out += '{';
        TRY(append_parts(out, *table, [&out](const Member& member) {
            append_json(out, member.key);
            out += ':';
            return append_node(out, member.node);
        }));
        out += '}';
    } else {
        return failure("it may hold texts, numbers, true, false, lists and tables");
    }
    return {};
}

}  // namespace

Result<std::string> PathOrJson::read(const Node& node) const {
    const Text* text = node.text();
    if (text && text->value.starts_with('{')) return text->value;
    if (text || !node.table()) return path_.read(node);
    std::string json;
    TRY(append_node(json, node));
    return json;
}

KindDescription PathOrJson::describe() const {
    KindDescription description = path_.describe();
    description.type = "path or table";
    description.schema = R"("type": ["string", "object"])";
    return description;
}

}  // namespace bundle::config
