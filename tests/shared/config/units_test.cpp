#include "shared/config/units.hpp"

#include <gtest/gtest.h>

namespace bundle::config {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

struct DurationSample {
    const char* text;
    milliseconds value;
};
constexpr DurationSample kDurations[] = {
    {"0s",    0ms  },
    {"1ms",   1ms  },
    {"250ms", 250ms},
    {"15s",   15s  },
    {"90s",   90s  },
    {"5m",    5min },
    {"12h",   12h  },
    {"30d",   720h },
};

TEST(Units, DurationsReadAndPrintTheSame) {
    for (const DurationSample& sample : kDurations) {
        EXPECT_EQ(parse_duration(sample.text).value(), sample.value) << sample.text;
        EXPECT_EQ(print_duration(sample.value), sample.text);
    }
}

TEST(Units, ADurationIsPrintedInTheLargestUnitThatSaysItExactly) {
    EXPECT_EQ(print_duration(parse_duration("60s").value()), "1m");
    EXPECT_EQ(print_duration(parse_duration("24h").value()), "1d");
    EXPECT_EQ(print_duration(parse_duration("1500ms").value()), "1500ms");
}

TEST(Units, WhatIsNoDurationIsRefused) {
    for (const char* text : {"", "s", "15", "15 s", " 15s", "15x", "-1s", "1.5s", "15S", "1e3s",
                             "15ss", "99999999999999999999s", "106751991168d"})
        EXPECT_FALSE(parse_duration(text)) << text;
}

struct SizeSample {
    const char* text;
    Bytes value;
};
constexpr SizeSample kSizes[] = {
    {"0",         0_B               },
    {"1023",      1023_B            },
    {"64K",       64_KiB            },
    {"1025K",     1025_KiB          },
    {"10M",       10_MiB            },
    {"1G",        1_GiB             },
    {"2T",        2048_GiB          },
    {"unlimited", Bytes::unlimited()},
};

TEST(Units, SizesReadAndPrintTheSame) {
    for (const SizeSample& sample : kSizes) {
        EXPECT_EQ(parse_size(sample.text).value(), sample.value) << sample.text;
        EXPECT_EQ(print_size(sample.value), sample.text);
    }
}

TEST(Units, SizesAreReadInSmallLettersToo) { EXPECT_EQ(parse_size("10m").value(), 10_MiB); }

TEST(Units, WhatIsNoSizeIsRefused) {
    for (const char* text :
         {"", "K", "64KB", "64 K", "-1", "1.5M", "off", "9223372036854775808", "8388608T"})
        EXPECT_FALSE(parse_size(text)) << text;
}

TEST(Units, ModesAreOctal) {
    EXPECT_EQ(parse_mode("0660").value(), 0660U);
    EXPECT_EQ(parse_mode("22").value(), 022U);
    EXPECT_EQ(print_mode(0660), "0660");
    EXPECT_EQ(print_mode(022), "0022");
    for (const char* text : {"", "8", "0888", "10000", "-1", "rw", "0660 "})
        EXPECT_FALSE(parse_mode(text)) << text;
}

}  // namespace bundle::config
