// Any Range and any Accept-Encoding. The parts of a file lie in it, none is empty, none touches
// another, and there are no more than were allowed; together they are never more than the file. The
// codings are told apart, and one that was refused by its name alone is not among them.
//
// The input is the size of the file in its first two bytes, then a Range, a line end, and an
// Accept-Encoding.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "frontend/compression/content_coding.hpp"
#include "frontend/files/byte_range.hpp"
#include "shared/base/check.hpp"

namespace bundle {

namespace {

constexpr std::uint32_t kMost = 16;

void check_ranges(std::string_view range, std::uint64_t size) {
    ByteRanges found = byte_ranges(range, size, kMost);
    const bool has_parts = found.kind == ByteRanges::Kind::Parts;
    BUNDLE_CHECK(has_parts == !found.parts.empty());
    BUNDLE_CHECK(found.parts.size() <= kMost);
    std::ranges::sort(found.parts, {}, &ByteRange::offset);
    std::uint64_t begin = 0;
    for (const ByteRange& part : found.parts) {
        BUNDLE_CHECK(part.length > 0 && part.offset < size && part.length <= size - part.offset);
        BUNDLE_CHECK(part.offset == 0 || part.offset >= begin);
        begin = part.offset + part.length + 1;
    }
    // With a part more at its end it is no less a list, and that part is found.
    if (has_parts && found.parts.size() < kMost) {
        const ByteRanges again = byte_ranges("bytes=-1," + std::string(range.substr(6)), size, 100);
        BUNDLE_CHECK(again.kind == ByteRanges::Kind::Parts);
    }
}

void check_codings(std::string_view accept_encoding) {
    const AcceptedCodings accepted(accept_encoding);
    const std::set<Coding> different(accepted.begin(), accepted.end());
    BUNDLE_CHECK(different.size() == static_cast<std::size_t>(accepted.end() - accepted.begin()));
    const AcceptedCodings refused(std::string(accept_encoding) + ",gzip;q=0");
    BUNDLE_CHECK(!refused.has(Coding::Gzip));
}

}  // namespace

}  // namespace bundle

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bundle;
    if (size < 2) return 0;
    const std::uint64_t file_size = data[0] * 256U + data[1];
    const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
    const std::string_view range = text.substr(0, text.find('\n'));
    check_ranges(range, file_size);
    check_codings(text.substr(std::min(text.size(), range.size() + 1)));
    return 0;
}
