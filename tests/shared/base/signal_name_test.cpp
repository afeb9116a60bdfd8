#include "shared/base/signal_name.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace bundle {

TEST(SignalName, IsWhatPeopleSay) { EXPECT_EQ(signal_name(SIGKILL), "SIGKILL"); }

TEST(SignalName, ARealTimeSignalHasNoNameOfItsOwn) {
    EXPECT_EQ(signal_name(SIGRTMIN + 3), "SIGRTMIN+3");
}

}  // namespace bundle
