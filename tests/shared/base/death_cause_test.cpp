#include "shared/base/death_cause.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace bundle {

// As wait(2) says it.
constexpr int kKilled = SIGKILL;
constexpr int kExitedWithThree = 3 << 8;

TEST(DeathCause, IsAnExitStatusOrASignal) {
    EXPECT_EQ(death_cause(kExitedWithThree, "", Memory::WasThere), "exit=3");
    EXPECT_EQ(death_cause(SIGSEGV, "", Memory::WasThere),
              "signal=SIGSEGV why=\"native code crashed\"");
}

TEST(DeathCause, AKillIsOurs) {
    EXPECT_EQ(death_cause(kKilled, "stuck", Memory::RanOut),
              "signal=SIGKILL sent_by=bundle why=stuck");
}

TEST(DeathCause, OrTheKernels) {
    EXPECT_EQ(death_cause(kKilled, "", Memory::RanOut),
              "signal=SIGKILL sent_by=kernel why=\"out of memory: oom_kill of the control group "
              "went up\"");
}

TEST(DeathCause, OrSomebodyElses) {
    EXPECT_EQ(death_cause(kKilled, "", Memory::WasThere),
              "signal=SIGKILL sent_by=\"not by bundle\"");
}

TEST(DeathReason, IsAWordOrTwo) {
    EXPECT_EQ(death_reason(0, "", Memory::WasThere), "left");
    EXPECT_EQ(death_reason(kExitedWithThree, "", Memory::WasThere), "exit 3");
    EXPECT_EQ(death_reason(SIGSEGV, "", Memory::RanOut), "SIGSEGV");
    EXPECT_EQ(death_reason(kKilled, "", Memory::RanOut), "out of memory");
    EXPECT_EQ(death_reason(kKilled, "stuck", Memory::RanOut), "stuck");
}

}  // namespace bundle
