#include "shared/config/option/fraction.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace bundle::config {

namespace {

std::optional<double> number_of(const Node& node) {
    if (const auto* whole = std::get_if<std::int64_t>(&node.value))
        return static_cast<double>(*whole);
    if (const auto* number = std::get_if<double>(&node.value)) return *number;
    const Text* text = node.text();
    if (!text || !text->untyped) return std::nullopt;
    double number = 0;
    const char* end = text->value.data() + text->value.size();
    const auto parsed = std::from_chars(text->value.data(), end, number);
    return parsed.ec == std::errc() && parsed.ptr == end ? std::optional(number) : std::nullopt;
}

}  // namespace

Result<double> Fraction::read(const Node& node) const {
    const auto number = number_of(node);
    if (!number || !(*number >= 0 && *number <= 1))
        return failure("it must be a number from 0 to 1, such as 0.1");
    return *number;
}

// The shortest text that reads as the same number; "1.0", which is a number of that kind in TOML.
std::string Fraction::print(Value value) const {
    std::string text = fmt::format("{}", value);
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    return text;
}

KindDescription Fraction::describe() const {
    return {
        .type = "number",
        .range = "0 to 1",
        .fallback = print(fallback_),
        .schema =
            R"("anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"$ref": "#/$defs/variable"}])"};
}

}  // namespace bundle::config
