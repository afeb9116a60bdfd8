// Which parts of a file a Range field asks for (RFC 9110 section 14).
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

namespace bundle {

struct ByteRange {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;  // at least 1

    friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

struct ByteRanges {
    enum class Kind {
        Whole,          // 200: not bytes, malformed, or more parts than may be asked for
        Parts,          // 206
        Unsatisfiable,  // 416: all of it is beyond the end
    };
    Kind kind = Kind::Whole;
    // Of Parts: at least one, in the order asked for. Those that overlap or touch have become one,
    // so that together they are never more than the file.
    std::vector<ByteRange> parts = {};

    friend bool operator==(const ByteRanges&, const ByteRanges&) = default;
};

// "bytes=0-99", "bytes=100-", "bytes=-100", "bytes=0-0, 500-599, -1" of a file of `size` bytes. At
// most `most` parts, counted as they are written.
ByteRanges byte_ranges(std::string_view range, std::uint64_t size, std::uint32_t most);

}  // namespace bundle
