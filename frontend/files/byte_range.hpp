// Which part of a file a Range field asks for (RFC 9110 section 14).
#pragma once
#include <cstdint>
#include <string_view>

namespace bundle {

struct ByteRange {
    enum class Kind {
        Whole,          // 200: not bytes, malformed, or several ranges, which we do not honour
        Part,           // 206
        Unsatisfiable,  // 416: beyond the end
    };
    Kind kind = Kind::Whole;
    std::uint64_t offset = 0;  // of a Part
    std::uint64_t length = 0;  // of a Part; at least 1

    friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

// "bytes=0-99", "bytes=100-", "bytes=-100" of a file of `size` bytes.
ByteRange byte_range(std::string_view range, std::uint64_t size);

}  // namespace bundle
