#include "frontend/route/accept.hpp"

#include <algorithm>
#include <array>

#include "shared/http/headers.hpp"

namespace bundle {

namespace {

struct Wish {
    int closeness = 0;  // 0: not named at all, 1: "*/*", 2: "text/*", 3: by its name
    int weight = 0;     // thousandths
};

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

// What stands before `delimiter`, which is taken too.
std::string_view take_until(std::string_view& text, char delimiter) {
    const std::size_t end = text.find(delimiter);
    const std::string_view piece = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return trimmed(piece);
}

// "0.85" is 850; what is no weight is 1, as if it had not been there.
int thousandths(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return 1000;
    int value = (text[0] - '0') * 1000;
    int unit = 100;
    for (std::size_t at = 2; at < text.size(); ++at, unit /= 10) {
        if (text[at] < '0' || text[at] > '9') return 1000;
        value += (text[at] - '0') * unit;
    }
    return std::min(value, 1000);
}

int weight_in(std::string_view parameters) {
    while (!parameters.empty()) {
        std::string_view parameter = take_until(parameters, ';');
        if (equals_ignoring_case(take_until(parameter, '='), "q")) return thousandths(parameter);
    }
    return 1000;
}

bool names_json(std::string_view range) {
    constexpr std::string_view kSuffix = "+json";  // application/problem+json and its like
    return equals_ignoring_case(range, "application/json") ||
           (range.size() > kSuffix.size() &&
            equals_ignoring_case(range.substr(range.size() - kSuffix.size()), kSuffix));
}

int closeness_of(std::string_view range, TextKind kind) {
    const bool json = kind == TextKind::Json;
    if (range == "*/*") return 1;
    if (equals_ignoring_case(range, json ? "application/*" : "text/*")) return 2;
    if (json) return names_json(range) ? 3 : 0;
    return equals_ignoring_case(range, kind == TextKind::Html ? "text/html" : "text/plain") ? 3 : 0;
}

bool is_stronger(const Wish& a, const Wish& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.weight > 0 && a.closeness > b.closeness;
}

}  // namespace

TextKind preferred_text_kind(std::string_view accept) {
    if (accept.empty()) return TextKind::Html;
    std::array<Wish, 3> wishes;  // by TextKind
    while (!accept.empty()) {
        std::string_view parameters = take_until(accept, ',');
        const std::string_view range = take_until(parameters, ';');
        const int weight = weight_in(parameters);
        for (std::size_t kind = 0; kind < wishes.size(); ++kind) {
            // The closest range that fits gives the weight, wherever it stands.
            const int closeness = closeness_of(range, static_cast<TextKind>(kind));
            if (closeness > wishes.at(kind).closeness) wishes.at(kind) = {closeness, weight};
        }
    }
    TextKind best = TextKind::Html;
    for (const TextKind kind : {TextKind::Json, TextKind::Plain})
        if (is_stronger(wishes.at(static_cast<std::size_t>(kind)),
                        wishes.at(static_cast<std::size_t>(best))))
            best = kind;
    return wishes.at(static_cast<std::size_t>(best)).weight > 0 ? best : TextKind::Plain;
}

}  // namespace bundle
