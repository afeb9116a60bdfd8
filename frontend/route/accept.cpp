#include "frontend/route/accept.hpp"

#include <algorithm>
#include <array>

#include "shared/http/headers.hpp"
#include "shared/http/weighted_list.hpp"

namespace bundle {

namespace {

struct Wish {
    int closeness = 0;  // 0: not named at all, 1: "*/*", 2: "text/*", 3: by its name
    int weight = 0;     // thousandths
};

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
        const auto [range, weight] = take_weighted(accept);
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
