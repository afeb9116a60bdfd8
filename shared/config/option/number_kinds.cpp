// Kinds whose values are quantities, and truth.
#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "shared/config/option/kinds.hpp"
#include "shared/config/units.hpp"

namespace bundle::config {

namespace {

using std::chrono::milliseconds;

// A number as TOML has it, or one that came from the environment or --set.
std::optional<std::int64_t> whole_number(const Node& node) {
    if (const auto* number = std::get_if<std::int64_t>(&node.value)) return *number;
    const Text* text = node.text();
    if (!text || !text->untyped) return std::nullopt;
    std::int64_t number = 0;
    const char* end = text->value.data() + text->value.size();
    const auto parsed = std::from_chars(text->value.data(), end, number);
    if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
    return number;
}

constexpr milliseconds kLongest = std::chrono::days(36500);

Result<milliseconds> from_seconds(double seconds) {
    if (!(seconds >= 0 && seconds <= std::chrono::duration<double>(kLongest).count()))
        return failure("it must be a number of seconds within a hundred years");
    return milliseconds(std::llround(seconds * 1000));
}

Result<milliseconds> any_duration(const Node& node) {
    if (const auto number = whole_number(node)) return from_seconds(static_cast<double>(*number));
    if (const auto* number = std::get_if<double>(&node.value)) return from_seconds(*number);
    if (const Text* text = node.text()) return parse_duration(text->value);
    return failure("it must be a duration such as \"15s\", or a number of seconds");
}

Result<Bytes> any_size(const Node& node) {
    const auto number = whole_number(node);
    if (number && *number >= 0) return Bytes{static_cast<std::uint64_t>(*number)};
    if (const Text* text = node.text()) return parse_size(text->value);
    return failure("it must be a size such as \"10M\", or a number of bytes");
}

Result<std::uint32_t> count_within(const Node& node, Range<std::uint32_t> range) {
    const auto number = whole_number(node);
    if (number && *number >= range.least && *number <= range.most)
        return static_cast<std::uint32_t>(*number);
    if (!number)
        return failure(fmt::format("it must be a number from {} to {}", range.least, range.most));
    return failure(fmt::format("it must be between {} and {}", range.least, range.most));
}

std::string in_quotes(std::string_view plain) { return fmt::format("\"{}\"", plain); }

}  // namespace

Result<milliseconds> Duration::read(const Node& node) const {
    TRY_ASSIGN(const milliseconds value, any_duration(node));
    if (value >= range_.least && value <= range_.most) return value;
    return failure(fmt::format("it must be between {} and {}", print_duration(range_.least),
                               print_duration(range_.most)));
}

std::string Duration::print(Value value) const { return in_quotes(print_duration(value)); }

KindDescription Duration::describe() const {
    return {
        .type = "duration",
        .range = fmt::format("{} to {}", print_duration(range_.least), print_duration(range_.most)),
        .fallback = print(fallback_),
        .schema = R"("$ref": "#/$defs/duration")"};
}

Result<milliseconds> DurationOr::read(const Node& node) const {
    if (const Text* text = node.text(); text && text->value == rules_.word) return kNone;
    const auto value = any_duration(node);
    if (value && *value >= range_.least && *value <= range_.most) return *value;
    return failure(fmt::format("it must be {}between {} and {}",
                               rules_.word.empty() ? "" : in_quotes(rules_.word) + " or ",
                               print_duration(range_.least), print_duration(range_.most)));
}

std::string DurationOr::print(Value value) const {
    return in_quotes(value == kNone ? std::string(rules_.word) : print_duration(value));
}

KindDescription DurationOr::describe() const {
    const std::string word = in_quotes(rules_.word);
    return {
        .type = rules_.word.empty() ? "duration" : "duration or " + word,
        .range = fmt::format("{} to {}", print_duration(range_.least), print_duration(range_.most)),
        .fallback = rules_.left_out.empty() ? print(fallback()) : std::string(rules_.left_out),
        .schema =
            fmt::format(R"("anyOf": [{{"const": {}}}, {{"$ref": "#/$defs/duration"}}])", word),
        .fallback_is_toml = rules_.left_out.empty()};
}

Result<Bytes> Size::read(const Node& node) const {
    TRY_ASSIGN(const Bytes value, any_size(node));
    if (value >= range_.least && value <= range_.most) return value;
    if (range_.most.is_unlimited())
        return failure("it must be at least " + print_size(range_.least));
    return failure(fmt::format("it must be between {} and {}", print_size(range_.least),
                               print_size(range_.most)));
}

std::string Size::print(Value value) const { return in_quotes(print_size(value)); }

KindDescription Size::describe() const {
    const bool open = range_.most.is_unlimited();
    return {.type = "size",
            .range = fmt::format("{} {} {}", print_size(range_.least), open ? "and more, or" : "to",
                                 open ? "\"unlimited\"" : print_size(range_.most)),
            .fallback = print(fallback_),
            .schema = R"("$ref": "#/$defs/size")"};
}

Result<std::uint32_t> Count::read(const Node& node) const { return count_within(node, range_); }

std::string Count::print(Value value) const { return fmt::format("{}", value); }

KindDescription Count::describe() const {
    return {
        .type = "whole number",
        .range = fmt::format("{} to {}", range_.least, range_.most),
        .fallback = print(fallback_),
        .schema = fmt::format(
            R"("anyOf": [{{"type": "integer", "minimum": {}, "maximum": {}}}, {{"$ref": "#/$defs/variable"}}])",
            range_.least, range_.most)};
}

Result<Bytes> SizeOrOff::read(const Node& node) const {
    if (const Text* text = node.text(); text && text->value == "off") return kOff;
    if (const auto value = any_size(node); value && *value >= range_.least && *value <= range_.most)
        return *value;
    return failure(fmt::format("it must be \"off\" or a size between {} and {}",
                               print_size(range_.least), print_size(range_.most)));
}

std::string SizeOrOff::print(Value value) const {
    return value == kOff ? "\"off\"" : in_quotes(print_size(value));
}

KindDescription SizeOrOff::describe() const {
    return {.type = "size or \"off\"",
            .range = fmt::format("{} to {}", print_size(range_.least), print_size(range_.most)),
            .fallback = print(fallback_),
            .schema = R"("anyOf": [{"const": "off"}, {"$ref": "#/$defs/size"}])"};
}

Result<std::uint32_t> CountOr::read(const Node& node) const {
    if (const Text* text = node.text(); text && text->value == word_) return meaning_;
    if (auto count = count_within(node, range_)) return count;
    return failure(
        fmt::format("it must be \"{}\" or between {} and {}", word_, range_.least, range_.most));
}

std::string CountOr::print(Value value) const {
    return value == meaning_ ? fmt::format("\"{}\"", word_) : fmt::format("{}", value);
}

KindDescription CountOr::describe() const {
    return {
        .type = fmt::format("whole number or \"{}\"", word_),
        .range = fmt::format("{} to {}", range_.least, range_.most),
        .fallback = print(fallback()),
        .schema = fmt::format(
            R"("anyOf": [{{"type": "integer", "minimum": {}, "maximum": {}}}, {{"const": "{}"}}, {{"$ref": "#/$defs/variable"}}])",
            range_.least, range_.most, word_)};
}

Result<std::uint32_t> AutoCount::read(const Node& node) const {
    if (const Text* text = node.text(); text && text->value == "auto") return kAuto;
    if (auto count = count_within(node, range_)) return count;
    return failure(
        fmt::format("it must be \"auto\" or between {} and {}", range_.least, range_.most));
}

std::string AutoCount::print(Value value) const {
    return value == kAuto ? "\"auto\"" : fmt::format("{}", value);
}

KindDescription AutoCount::describe() const {
    return {
        .type = "whole number or \"auto\"",
        .range = fmt::format("{} to {}; \"auto\" is {}", range_.least, range_.most, meaning_),
        .fallback = "\"auto\"",
        .schema = fmt::format(
            R"("anyOf": [{{"type": "integer", "minimum": {}, "maximum": {}}}, {{"const": "auto"}}, {{"$ref": "#/$defs/variable"}}])",
            range_.least, range_.most)};
}

Result<WorkerRange> WorkerCount::read(const Node& node) const {
    const Table* const table = node.table();
    if (table == nullptr) return number_.read(node).map([](auto number) { return Value(number); });
    std::optional<std::uint32_t> least;
    std::optional<std::uint32_t> most;
    for (const Member& member : *table) {
        if (member.key != "min" && member.key != "max")
            return failure(fmt::format("{} is unknown there; there can be min and max",
                                       shown_key(member.key)));
        const auto count = count_within(member.node, kRange);
        if (!count)
            return failure(fmt::format("its {} is {}: {}", member.key, shown(member.node),
                                       count.error().message));
        (member.key == "min" ? least : most) = *count;
    }
    if (!least || !most || *least > *most)
        return failure("it must have a min and a max that is not less, { min = 2, max = 8 }");
    return Value(*least, *most);
}

std::string WorkerCount::print(Value value) const {
    if (!value.varies()) return number_.print(value.min);
    return fmt::format("{{ min = {}, max = {} }}", value.min, value.max);
}

KindDescription WorkerCount::describe() const {
    KindDescription description = number_.describe();
    description.type = "whole number, { min, max } or \"auto\"";
    constexpr std::string_view kNumber = R"({{"type": "integer", "minimum": {0}, "maximum": {1}}})";
    const std::string number = fmt::format(kNumber, kRange.least, kRange.most);
    description.schema = fmt::format(
        R"("anyOf": [{0}, {{"const": "auto"}}, {{"type": "object", "properties": {{"min": {0}, "max": {0}}}, "required": ["min", "max"], "additionalProperties": false}}, {{"$ref": "#/$defs/variable"}}])",
        number);
    return description;
}

Result<bool> Flag::read(const Node& node) const {
    if (const auto* flag = std::get_if<bool>(&node.value)) return *flag;
    const Text* text = node.text();
    if (text && text->untyped && text->value == "true") return true;
    if (text && text->untyped && text->value == "false") return false;
    return failure("it must be true or false, without quotes");
}

std::string Flag::print(Value value) const { return value ? "true" : "false"; }

KindDescription Flag::describe() const {
    return {.type = "true or false",
            .fallback = print(fallback_),
            .schema = R"("anyOf": [{"type": "boolean"}, {"$ref": "#/$defs/variable"}])"};
}

Result<std::uint32_t> Mode::read(const Node& node) const {
    if (const Text* text = node.text()) return parse_mode(text->value);
    return failure("it must be octal digits in quotes such as \"0660\"");
}

std::string Mode::print(Value value) const { return in_quotes(print_mode(value)); }

KindDescription Mode::describe() const {
    return {.type = "mode",
            .range = "octal digits, at most \"7777\"",
            .fallback = print(fallback_),
            .schema = R"("$ref": "#/$defs/mode")"};
}

}  // namespace bundle::config
