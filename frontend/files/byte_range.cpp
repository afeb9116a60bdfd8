#include "frontend/files/byte_range.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "shared/http/headers.hpp"

namespace bundle {

namespace {

// More than any file has, when there are more digits than a number holds. Nothing unless all of it
// is digits.
std::optional<std::uint64_t> position(std::string_view digits) {
    std::uint64_t value = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stopped, error] = std::from_chars(digits.data(), end, value);
    if (digits.empty() || stopped != end || error == std::errc::invalid_argument)
        return std::nullopt;
    return error == std::errc::result_out_of_range ? UINT64_MAX : value;
}

ByteRange last_bytes(std::string_view digits, std::uint64_t size) {
    const auto asked = position(digits);
    if (!asked) return {};
    if (*asked == 0) return {.kind = ByteRange::Kind::Unsatisfiable};
    const std::uint64_t length = std::min(*asked, size);
    return {.kind = ByteRange::Kind::Part, .offset = size - length, .length = length};
}

}  // namespace

ByteRange byte_range(std::string_view range, std::uint64_t size) {
    constexpr std::string_view kUnit = "bytes=";
    // An empty file has no part; browsers that ask for "0-" take the whole of nothing better than a
    // 416.
    if (size == 0 || !equals_ignoring_case(range.substr(0, kUnit.size()), kUnit)) return {};
    range.remove_prefix(kUnit.size());
    const std::size_t hyphen = range.find('-');
    if (hyphen == std::string_view::npos) return {};
    if (hyphen == 0) return last_bytes(range.substr(1), size);

    const auto first = position(range.substr(0, hyphen));
    const std::string_view after = range.substr(hyphen + 1);
    const auto last = after.empty() ? UINT64_MAX : position(after);
    if (!first || !last || *last < *first) return {};
    if (*first >= size) return {.kind = ByteRange::Kind::Unsatisfiable};
    return {.kind = ByteRange::Kind::Part,
            .offset = *first,
            .length = std::min(*last, size - 1) - *first + 1};
}

}  // namespace bundle
