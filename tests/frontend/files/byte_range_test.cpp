#include "frontend/files/byte_range.hpp"

#include <gmock/gmock.h>

namespace bundle {

const ByteRanges kWhole{};
const ByteRanges kBeyond{.kind = ByteRanges::Kind::Unsatisfiable};
ByteRanges parts(std::vector<ByteRange> expected) {
    return {.kind = ByteRanges::Kind::Parts, .parts = std::move(expected)};
}

std::string told(const ByteRanges& ranges) {
    if (ranges.kind == ByteRanges::Kind::Whole) return "whole";
    std::string text;
    for (const ByteRange& part : ranges.parts)
        text += std::to_string(part.offset) + "+" + std::to_string(part.length) + " ";
    return text;
}

TEST(ByteRange, OneRangeOfAFileOfAThousandBytes) {
    const struct {
        const char* range;
        ByteRanges expected;
    } table[] = {
        {"bytes=0-0",                       parts({{0, 1}})    },
        {"bytes=0-999",                     parts({{0, 1000}}) },
        {"BYTES=10-19",                     parts({{10, 10}})  },
        {"bytes=500-",                      parts({{500, 500}})},
        {"bytes=999-",                      parts({{999, 1}})  },
        {"bytes=0-4000",                    parts({{0, 1000}}) },
        {"bytes=0-99999999999999999999999", parts({{0, 1000}}) },
        {"bytes=-1",                        parts({{999, 1}})  },
        {"bytes=-1000",                     parts({{0, 1000}}) },
        {"bytes=-99999999999999999999999",  parts({{0, 1000}}) },
        {"bytes=1000-",                     kBeyond            },
        {"bytes=1000-2000",                 kBeyond            },
        {"bytes=99999999999999999999999-",  kBeyond            },
        {"bytes=-0",                        kBeyond            },
        {"bytes=5-4",                       kWhole             },
        {"bytes=",                          kWhole             },
        {"bytes=,",                         kWhole             },
        {"bytes=-",                         kWhole             },
        {"bytes=--1",                       kWhole             },
        {"bytes=a-b",                       kWhole             },
        {"bytes=+1-2",                      kWhole             },
        {"bytes=1 - 2",                     kWhole             },
        {"bytes=0x1-2",                     kWhole             },
        {"bytes 0-1",                       kWhole             },
        {"lines=0-1",                       kWhole             },
        {"",                                kWhole             },
    };
    for (const auto& row : table) {
        const ByteRanges found = byte_ranges(row.range, 1000, 16);
        EXPECT_EQ(found, row.expected) << row.range << ": " << told(found);
    }
}

TEST(ByteRange, SeveralRangesOfAFileOfAThousandBytes) {
    const struct {
        const char* range;
        ByteRanges expected;
    } table[] = {
        {"bytes=0-1,5-6",                  parts({{0, 2}, {5, 2}})                },
        {"bytes= 0-1 ,\t5-6 ,",            parts({{0, 2}, {5, 2}})                },
        {"bytes=-1,5-6",                   parts({{999, 1}, {5, 2}})              },
        {"bytes=500-600,0-0,-1",           parts({{500, 101}, {0, 1}, {999, 1}})  },
        {"bytes=0-99,50-149",              parts({{0, 150}})                      },
        {"bytes=50-149,0-99",              parts({{0, 150}})                      },
        {"bytes=0-99,100-199",             parts({{0, 200}})                      },
        {"bytes=0-99,101-199",             parts({{0, 100}, {101, 99}})           },
        {"bytes=0-0,0-0,0-0",              parts({{0, 1}})                        },
        {"bytes=0-0,9-9,5-5,1-8",          parts({{0, 10}})                       },
        {"bytes=700-799,0-9,900-,750-950", parts({{700, 300}, {0, 10}})           },
        {"bytes=0-,0-,0-",                 parts({{0, 1000}})                     },
        {"bytes=1000-,5-6",                parts({{5, 2}})                        },
        {"bytes=1000-,2000-3000,-0",       kBeyond                                },
        {"bytes=0-1,b-6",                  kWhole                                 },
        {"bytes=0-1,6-5",                  kWhole                                 },
        {"bytes=0-0,2-2,4-4,6-6",          parts({{0, 1}, {2, 1}, {4, 1}, {6, 1}})},
        {"bytes=0-0,2-2,4-4,6-6,8-8",      kWhole                                 },
        {"bytes=0-0,0-0,0-0,0-0,0-0",      kWhole                                 },
    };
    for (const auto& row : table) {
        const ByteRanges found = byte_ranges(row.range, 1000, 4);
        EXPECT_EQ(found, row.expected) << row.range << ": " << told(found);
    }
}

TEST(ByteRange, AnEmptyFileIsAnsweredWhole) {
    EXPECT_EQ(byte_ranges("bytes=0-", 0, 16), kWhole);
    EXPECT_EQ(byte_ranges("bytes=-5", 0, 16), kWhole);
}

}  // namespace bundle
