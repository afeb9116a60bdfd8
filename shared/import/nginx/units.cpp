#include "shared/import/nginx/units.hpp"

#include <array>
#include <charconv>
#include <cstdint>

namespace bundle::imported {

namespace {

struct Unit {
    std::string_view word;
    std::uint64_t factor;
};

constexpr std::uint64_t kSecond = 1000;
// The first that fits counts: "ms" before "m".
constexpr std::array kTimes = std::to_array<Unit>({
    {"ms", 1                    },
    {"s",  kSecond              },
    {"m",  60 * kSecond         },
    {"h",  3600 * kSecond       },
    {"d",  86400 * kSecond      },
    {"w",  7 * 86400 * kSecond  },
    {"M",  30 * 86400 * kSecond },
    {"y",  365 * 86400 * kSecond},
    {"",   kSecond              },
});
constexpr std::array kSizes = std::to_array<Unit>({
    {"k", 1 << 10},
    {"K", 1 << 10},
    {"m", 1 << 20},
    {"M", 1 << 20},
    {"g", 1 << 30},
    {"G", 1 << 30},
    {"",  1      },
});
constexpr std::uint64_t kMost = 1ULL << 40;  // of a number, so that a product stays one

// A number and its unit, taken off the front.
template <std::size_t count>
std::optional<std::uint64_t> take(std::string_view& text, const std::array<Unit, count>& units) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || number > kMost) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    for (const Unit& unit : units)
        if (text.starts_with(unit.word)) {
            text.remove_prefix(unit.word.size());
            if (number > kMost / unit.factor) return kMost;
            return number * unit.factor;
        }
    return std::nullopt;
}

}  // namespace

std::optional<std::chrono::milliseconds> nginx_time(std::string_view text) {
    std::uint64_t sum = 0;
    do {
        const auto part = take(text, kTimes);
        if (!part || sum > kMost) return std::nullopt;
        sum += *part;
        while (text.starts_with(' ')) text.remove_prefix(1);
    } while (!text.empty());
    return std::chrono::milliseconds(sum);
}

std::optional<Bytes> nginx_size(std::string_view text) {
    const auto size = take(text, kSizes);
    if (!size || !text.empty()) return std::nullopt;
    return Bytes{*size};
}

}  // namespace bundle::imported
