#include "shared/config/option/nearest.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace bundle::config {

namespace {

// Levenshtein: how many letters must be put in, left out or changed.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view typed,
                                        const std::vector<std::string_view>& known) {
    constexpr std::size_t kLongest =
        64;  // the work grows with the square, and the text is not ours
    if (typed.size() > kLongest || known.empty()) return std::nullopt;
    const auto best = std::ranges::min(known, {}, [&](auto name) { return distance(typed, name); });
    const std::size_t allowed = std::max<std::size_t>(1, typed.size() / 3);
    if (distance(typed, best) > allowed) return std::nullopt;
    return best;
}

}  // namespace bundle::config
