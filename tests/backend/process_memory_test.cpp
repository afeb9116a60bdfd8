#include "backend/process_memory.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace bundle {

TEST(ProcessMemory, IsTheProportionalShare) {
    constexpr const char* kText =
        "55d000000000-7ffd00000000 ---p 00000000 00:00 0                          [rollup]\n"
        "Rss:               20480 kB\nPss:               12345 kB\nPss_Dirty:          1000 kB\n";

    EXPECT_EQ(proportional_memory_in(kText).count, 12345U << 10);
    EXPECT_EQ(proportional_memory_in("").count, 0U);
    EXPECT_EQ(proportional_memory_in("x\nPss:").count, 0U);
}

TEST(ProcessMemory, IsKnownOfOurselvesAndOfNobodyWhoIsNotThere) {
    const auto ours = proportional_memory(getpid());
    ASSERT_TRUE(ours) << ours.error().message;
    EXPECT_GT(ours->count, 100U << 10);

    EXPECT_FALSE(proportional_memory(-1));
}

}  // namespace bundle
