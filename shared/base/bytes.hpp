// A number of bytes, so that a size can never be taken for a count or a duration.
#pragma once
#include <compare>
#include <cstddef>
#include <cstdint>

namespace bundle {

struct Bytes {
    std::uint64_t count = 0;
    static constexpr std::uint64_t kUnlimited = UINT64_MAX;

    static constexpr Bytes unlimited() { return {kUnlimited}; }
    [[nodiscard]] constexpr bool is_unlimited() const { return count == kUnlimited; }
    auto operator<=>(const Bytes&) const = default;
};

constexpr Bytes operator""_B(unsigned long long n) { return {n}; }
constexpr Bytes operator""_KiB(unsigned long long n) { return {n << 10}; }
constexpr Bytes operator""_MiB(unsigned long long n) { return {n << 20}; }
constexpr Bytes operator""_GiB(unsigned long long n) { return {n << 30}; }

}  // namespace bundle
