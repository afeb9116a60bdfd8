#include "shared/config/source/variables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "shared/base/result.hpp"

namespace bundle::config {

namespace {

constexpr std::string_view kOpen = "${";
constexpr std::string_view kEscapedOpen = "$${";
constexpr std::string_view kDefault = ":-";

using Environment = std::map<std::string, std::string>;

bool is_variable_name(std::string_view name) {
    const auto is_letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return !name.empty() && !is_digit(name.front()) &&
           std::ranges::all_of(name, [&](char c) { return is_letter(c) || is_digit(c); });
}

// `inside` stands between the braces.
Result<std::string> value_of(std::string_view inside, const Environment& environment) {
    const std::size_t split = inside.find(kDefault);
    const std::string name(inside.substr(0, split));
    if (!is_variable_name(name))
        return failure(fmt::format(
            "has ${{{}}}, which names no environment variable; write $${{ for a plain ${{",
            inside));
    const auto found = environment.find(name);
    const bool has_default = split != std::string_view::npos;
    if (found != environment.end() && !(has_default && found->second.empty())) return found->second;
    if (has_default) return std::string(inside.substr(split + kDefault.size()));
    return failure(
        fmt::format("needs the environment variable {0}, which is not set; set it or give a "
                    "default: ${{{0}:-...}}",
                    name));
}

struct Expansion {
    std::string text;
    bool replaced = false;
};

Result<Expansion> expansion(std::string_view text, const Environment& environment) {
    Expansion expanded;
    while (!text.empty()) {
        if (text.starts_with(kEscapedOpen)) {
            expanded.text += kOpen;
            text.remove_prefix(kEscapedOpen.size());
        } else if (text.starts_with(kOpen)) {
            const std::size_t end = text.find('}');
            if (end == std::string_view::npos)
                return failure("has a ${ without its }; write $${ for a plain ${");
            TRY_ASSIGN(const std::string value,
                       value_of(text.substr(kOpen.size(), end - kOpen.size()), environment));
            expanded.text += value;
            expanded.replaced = true;
            text.remove_prefix(end + 1);
        } else {
            expanded.text += text.front();
            text.remove_prefix(1);
        }
    }
    return expanded;
}

}  // namespace

void expand_variables(Node& node, const Environment& environment, Problems& problems) {
    if (Table* table = node.table()) {
        for (Member& member : *table) expand_variables(member.node, environment, problems);
    } else if (List* list = node.list()) {
        for (Node& item : *list) expand_variables(item, environment, problems);
    } else if (const Text* text = node.text();
               text && text->value.find(kOpen) != std::string::npos) {
        auto expanded = expansion(text->value, environment);
        if (!expanded) {
            problems.add(node.origin, shown(text->value) + " " + expanded.error().message);
            node.value = Broken{};
            return;
        }
        node.value = Text{std::move(expanded->text), expanded->replaced};
    }
}

std::string without_variables(std::string_view text) {
    std::string escaped;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i).starts_with(kOpen)) escaped += '$';
        escaped += text[i];
    }
    return escaped;
}

}  // namespace bundle::config
