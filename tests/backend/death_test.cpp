#include "backend/death.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

namespace bundle {

TEST(Death, ItsEndIsOneOfFewWords) {
    EXPECT_EQ(end_of({.wait_status = W_EXITCODE(0, 0)}), "left");
    EXPECT_EQ(end_of({.wait_status = W_EXITCODE(3, 0)}), "exit 3");
    EXPECT_EQ(end_of({.wait_status = W_EXITCODE(0, SIGSEGV)}), "SIGSEGV");
    EXPECT_EQ(end_of({.wait_status = W_EXITCODE(0, SIGKILL)}), "SIGKILL");
    EXPECT_EQ(end_of({.wait_status = W_EXITCODE(0, SIGKILL), .killed_for = "request_timeout"}),
              "request_timeout");
    EXPECT_EQ(end_of({.wait_status = W_EXITCODE(0, SIGKILL), .out_of_memory = true}),
              "out of memory");
    EXPECT_EQ(end_of({.wait_status = W_EXITCODE(0, SIGRTMIN + 1)}), "SIGRTMIN+1");
    EXPECT_EQ(end_of({}), "unknown");
}

}  // namespace bundle
