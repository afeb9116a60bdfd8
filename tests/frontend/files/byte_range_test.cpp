#include "frontend/files/byte_range.hpp"

#include <gmock/gmock.h>

namespace bundle {

constexpr ByteRange kWhole{};
constexpr ByteRange kBeyond{.kind = ByteRange::Kind::Unsatisfiable};
constexpr ByteRange part(std::uint64_t offset, std::uint64_t length) {
    return {.kind = ByteRange::Kind::Part, .offset = offset, .length = length};
}

TEST(ByteRange, OneRangeOfAFileOfAThousandBytes) {
    const struct {
        const char* range;
        ByteRange expected;
    } table[] = {
        {"bytes=0-0", part(0, 1)},
        {"bytes=0-999", part(0, 1000)},
        {"BYTES=10-19", part(10, 10)},
        {"bytes=500-", part(500, 500)},
        {"bytes=999-", part(999, 1)},
        {"bytes=0-4000", part(0, 1000)},
        {"bytes=0-99999999999999999999999", part(0, 1000)},
        {"bytes=-1", part(999, 1)},
        {"bytes=-1000", part(0, 1000)},
        {"bytes=-99999999999999999999999", part(0, 1000)},
        {"bytes=1000-", kBeyond},
        {"bytes=1000-2000", kBeyond},
        {"bytes=99999999999999999999999-", kBeyond},
        {"bytes=-0", kBeyond},
        {"bytes=5-4", kWhole},
        {"bytes=0-1,5-6", kWhole},
        {"bytes=-1,5-6", kWhole},
        {"bytes=", kWhole},
        {"bytes=-", kWhole},
        {"bytes=--1", kWhole},
        {"bytes=a-b", kWhole},
        {"bytes=+1-2", kWhole},
        {"bytes=1 - 2", kWhole},
        {"bytes=0x1-2", kWhole},
        {"bytes 0-1", kWhole},
        {"lines=0-1", kWhole},
        {"", kWhole},
    };
    for (const auto& row : table) {
        const ByteRange found = byte_range(row.range, 1000);
        EXPECT_EQ(found, row.expected) << row.range << ": " << found.offset << "+" << found.length;
    }
}

TEST(ByteRange, AnEmptyFileIsAnsweredWhole) {
    EXPECT_EQ(byte_range("bytes=0-", 0), kWhole);
    EXPECT_EQ(byte_range("bytes=-5", 0), kWhole);
}

}  // namespace bundle
