#include "frontend/files/byte_range.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "shared/http/headers.hpp"
#include "shared/http/token.hpp"

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

// Of a well-formed range; length 0: nothing of the file.
std::optional<ByteRange> part_of(std::string_view spec, std::uint64_t size) {
    const std::size_t hyphen = spec.find('-');
    if (hyphen == std::string_view::npos) return std::nullopt;
    const std::string_view after = spec.substr(hyphen + 1);
    if (hyphen == 0) {
        const auto asked = position(after);
        if (!asked) return std::nullopt;
        const std::uint64_t length = std::min(*asked, size);
        return ByteRange{size - length, length};
    }
    const auto first = position(spec.substr(0, hyphen));
    const auto last = after.empty() ? UINT64_MAX : position(after);
    if (!first || !last || *last < *first) return std::nullopt;
    if (*first >= size) return ByteRange{};
    return ByteRange{*first, std::min(*last, size - 1) - *first + 1};
}

bool meet(const ByteRange& a, const ByteRange& b) {
    return a.offset <= b.offset + b.length && b.offset <= a.offset + a.length;
}

// Keeps the place of the first one that it meets (RFC 9110 section 15.3.7.2).
void add(ByteRange range, std::vector<ByteRange>& parts) {
    std::size_t place = parts.size();
    for (std::size_t i = parts.size(); i-- > 0;) {
        if (!meet(parts[i], range)) continue;
        const std::uint64_t end =
            std::max(parts[i].offset + parts[i].length, range.offset + range.length);
        range.offset = std::min(parts[i].offset, range.offset);
        range.length = end - range.offset;
        parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(i));
        place = std::min(place, i);
        i = parts.size();  // it has grown: it may meet those that it did not
    }
    parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(std::min(place, parts.size())), range);
}

}  // namespace

ByteRanges byte_ranges(std::string_view range, std::uint64_t size, std::uint32_t most) {
    constexpr std::string_view kUnit = "bytes=";
    // An empty file has no part; browsers that ask for "0-" take the whole of nothing better than a
    // 416.
    if (size == 0 || !equals_ignoring_case(range.substr(0, kUnit.size()), kUnit)) return {};
    range.remove_prefix(kUnit.size());
    ByteRanges found;
    std::uint32_t asked = 0;
    while (!range.empty()) {
        const std::string_view spec = take_list_item(range);
        if (spec.empty()) continue;  // a list may have empty elements (RFC 9110 section 5.6.1)
        const auto part = part_of(spec, size);
        if (!part || ++asked > most) return {};
        if (part->length > 0) add(*part, found.parts);
    }
    if (asked == 0) return {};
    found.kind = found.parts.empty() ? ByteRanges::Kind::Unsatisfiable : ByteRanges::Kind::Parts;
    return found;
}

}  // namespace bundle
