#include "shared/status/process_facts.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace bundle {

TEST(ProcessFacts, TheKernelTellsOfUs) {
    const auto memory = resident_memory(getpid());
    const auto cpu = cpu_time(getpid());
    const auto started = started_at(getpid());

    ASSERT_TRUE(memory && cpu && started);
    EXPECT_GT(*memory, 100U << 10);
    EXPECT_GE(cpu->count(), 0);
    EXPECT_LE(*started, std::chrono::system_clock::now() + std::chrono::seconds{1});
}

TEST(ProcessFacts, OfNobodyNothingIsKnown) {
    constexpr pid_t kNobody = 0x7fffffff;

    EXPECT_FALSE(resident_memory(kNobody));
    EXPECT_FALSE(cpu_time(kNobody));
    EXPECT_FALSE(started_at(kNobody));
}

}  // namespace bundle
