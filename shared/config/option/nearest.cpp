#include "shared/config/option/nearest.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

namespace bundle::config {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// How many letters must be put in, left out, changed or swapped with the next, whatever their case.
std::size_t distance(std::string_view a, std::string_view b) {
    using Row = std::vector<std::size_t>;
    Row before(b.size() + 1);
    Row last(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    const auto same = [&](std::size_t i, std::size_t j) { return lower(a[i]) == lower(b[j]); };
    for (std::size_t i = 0; i < a.size(); ++i) {
        Row row(b.size() + 1, i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            row[j + 1] = std::min({last[j] + (same(i, j) ? 0 : 1), row[j] + 1, last[j + 1] + 1});
            const bool swapped = i > 0 && j > 0 && same(i, j - 1) && same(i - 1, j);
            if (swapped) row[j + 1] = std::min(row[j + 1], before[j - 1] + 1);
        }
        before = std::exchange(last, std::move(row));
    }
    return last.back();
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
