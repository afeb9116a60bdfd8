#include "shared/config/units.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <span>
#include <utility>

namespace bundle::config {

namespace {

struct Unit {
    std::string_view word;
    std::uint64_t factor;
};

// Largest first, because printing takes the first that divides.
constexpr Unit kDurationUnits[] = {
    {"d",  86'400'000},
    {"h",  3'600'000 },
    {"m",  60'000    },
    {"s",  1'000     },
    {"ms", 1         }
};
constexpr Unit kSizeUnits[] = {
    {"T", 1ULL << 40},
    {"G", 1ULL << 30},
    {"M", 1ULL << 20},
    {"K", 1ULL << 10},
    {"",  1         }
};
constexpr std::string_view kUnlimitedWord = "unlimited";
constexpr std::uint32_t kLargestMode = 07777;

// A number and the word behind it; nothing when it does not begin with a digit or is too large.
std::optional<std::pair<std::uint64_t, std::string_view>> split_number(std::string_view text,
                                                                       int base = 10) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (error != std::errc()) return std::nullopt;
    return std::pair(number, text.substr(static_cast<std::size_t>(end - text.data())));
}

// number x unit, as long as it stays a number that fits into 63 bits.
std::optional<std::uint64_t> quantity(std::string_view text, std::span<const Unit> units) {
    const auto parts = split_number(text);
    if (!parts) return std::nullopt;
    for (const Unit& unit : units) {
        if (unit.word != parts->second) continue;
        if (parts->first > static_cast<std::uint64_t>(INT64_MAX) / unit.factor) return std::nullopt;
        return parts->first * unit.factor;
    }
    return std::nullopt;
}

std::string print_quantity(std::uint64_t value, std::span<const Unit> units) {
    for (const Unit& unit : units)
        if (value % unit.factor == 0 && value != 0)
            return fmt::format("{}{}", value / unit.factor, unit.word);
    return "0";
}

}  // namespace

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
    const auto found = quantity(text, kDurationUnits);
    if (!found)
        return failure(
            "it must be a duration such as \"250ms\", \"15s\", \"5m\", \"12h\" or \"30d\"");
    return std::chrono::milliseconds(*found);
}

std::string print_duration(std::chrono::milliseconds duration) {
    if (duration.count() == 0) return "0s";
    return print_quantity(static_cast<std::uint64_t>(duration.count()), kDurationUnits);
}

Result<Bytes> parse_size(std::string_view text) {
    if (text == kUnlimitedWord) return Bytes::unlimited();
    std::string upper(text);
    if (!upper.empty() && upper.back() >= 'a' && upper.back() <= 'z')
        upper.back() = static_cast<char>(upper.back() - 'a' + 'A');
    const auto found = quantity(upper, kSizeUnits);
    if (!found) return failure("it must be a size such as \"64K\", \"10M\" or \"1G\"");
    return Bytes{*found};
}

std::string print_size(Bytes size) {
    if (size.is_unlimited()) return std::string(kUnlimitedWord);
    return print_quantity(size.count, kSizeUnits);
}

Result<std::uint32_t> parse_mode(std::string_view text) {
    const auto parts = split_number(text, 8);
    if (!parts || !parts->second.empty() || parts->first > kLargestMode)
        return failure("it must be a mode in octal digits such as \"0660\"");
    return static_cast<std::uint32_t>(parts->first);
}

std::string print_mode(std::uint32_t mode) { return fmt::format("{:04o}", mode); }

}  // namespace bundle::config
