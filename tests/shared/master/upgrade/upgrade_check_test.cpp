#include "shared/master/upgrade/upgrade_check.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>

namespace bundle {

TEST(UpgradeCheck, ANewBundleThatDiesOfASignalWithoutANameIsRefused) {
    auto check = UpgradeCheck::begin(OwnedFd(open("/bin/true", O_PATH | O_CLOEXEC)),
                                     {"true", "serve"}, "state");
    ASSERT_TRUE(check) << check.error().message;
    int ended = 0;
    const pid_t pid = waitpid(-1, &ended, 0);
    const int died_of_it = SIGRTMIN + 3;  // as wait(2) says it

    ASSERT_TRUE(check->bury(pid, died_of_it));

    const auto outcome = check->outcome({});
    ASSERT_TRUE(outcome && !*outcome);
    EXPECT_THAT(outcome->error().message, testing::HasSubstr("died of SIGRTMIN+3"));
}

}  // namespace bundle
