#include "shared/master/launch.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <array>

namespace bundle {

namespace {

using testing::HasSubstr;

const Identity kUnchanged;

OwnedFd open_program(const char* path) { return OwnedFd(open(path, O_PATH | O_CLOEXEC)); }

std::string read_all(const OwnedFd& fd) {
    std::string text;
    std::array<char, 4096> piece{};
    for (ssize_t got = 0; (got = read(fd.get(), piece.data(), piece.size())) > 0;) {
        text.append(piece.data(), static_cast<std::size_t>(got));
    }
    return text;
}

// What `script` writes to its descriptor 1.
std::string output_of(const std::string& script, const std::vector<int>& more = {}) {
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
    const OwnedFd output(ends[0]);
    OwnedFd input(ends[1]);
    const OwnedFd shell = open_program("/bin/sh");
    const OwnedFd null(open("/dev/null", O_RDWR | O_CLOEXEC));
    std::vector<int> descriptors = {null.get(), input.get(), null.get()};
    descriptors.insert(descriptors.end(), more.begin(), more.end());
    const auto pid = launch({
        shell.get(), {"sh", "-c", script},
         kUnchanged, descriptors
    });
    input = OwnedFd();
    if (!pid) return pid.error().message;
    std::string text = read_all(output);
    waitpid(*pid, nullptr, 0);
    return text;
}

}  // namespace

TEST(Launch, EveryDescriptorIsInItsPlaceHoweverTheirNumbersCross) {
    auto one = sealed_text("one");
    auto two = sealed_text("two");
    ASSERT_TRUE(one && two);
    // At the numbers where the other one is to go, when those are free.
    const OwnedFd at_four(fcntl(one->get(), F_DUPFD_CLOEXEC, 4));
    const OwnedFd at_three(fcntl(two->get(), F_DUPFD_CLOEXEC, 3));

    EXPECT_EQ(output_of("cat <&3; cat <&4", {at_four.get(), at_three.get()}), "onetwo");
}

TEST(Launch, NoOtherDescriptorIsOpenInTheChildEvenIfAForeignOneIsNotCloseOnExec) {
    const OwnedFd foreign(open("/dev/null", O_RDONLY));

    // The folder that ls reads is the last one.
    EXPECT_EQ(output_of("exec ls /proc/self/fd"), "0\n1\n2\n3\n");
}

TEST(Launch, TheChildHasDefaultSignalsItsOwnGroupAndNoNewPrivileges) {
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    sigprocmask(SIG_BLOCK, &blocked, nullptr);
    const auto before = signal(SIGUSR1, SIG_IGN);

    const std::string status = output_of(
        "grep -E '^(SigBlk|SigIgn|NoNewPrivs)' /proc/self/status; "
        "test $(ps -o pgid= -p $$) = $$ && echo own group");

    signal(SIGUSR1, before);
    sigprocmask(SIG_UNBLOCK, &blocked, nullptr);
    EXPECT_THAT(status, HasSubstr("NoNewPrivs:\t1"));
    EXPECT_THAT(status, HasSubstr("SigBlk:\t0000000000000000"));
    EXPECT_THAT(status, HasSubstr("SigIgn:\t0000000000000000"));
    EXPECT_THAT(status, HasSubstr("own group"));
}

TEST(Launch, AProgramThatCannotBeExecutedIsAnErrorAndLeavesNoChild) {
    const OwnedFd no_program = open_program("/etc/passwd");

    const auto pid = launch({
        no_program.get(), {"passwd"},
         kUnchanged, {0, 1, 2}
    });

    ASSERT_FALSE(pid);
    EXPECT_THAT(pid.error().message, HasSubstr("start passwd: execute it"));
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
}

TEST(Launch, AsRootTheChildIsTheOtherUserWhereverItsProgramLies) {
    if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
    const auto nobody = find_identity("nobody", "");
    ASSERT_TRUE(nobody);
    const OwnedFd program = open_program("/bin/true");

    const auto pid = launch({
        program.get(), {"true"},
         *nobody, {0, 1, 2}
    });

    ASSERT_TRUE(pid) << pid.error().message;
    int status = -1;
    waitpid(*pid, &status, 0);
    EXPECT_EQ(status, 0);
}

TEST(SealedText, CannotBeChangedByWhoeverGetsIt) {
    const auto memory = sealed_text("name = \"x\"\n");

    ASSERT_TRUE(memory) << memory.error().message;
    EXPECT_EQ(read_all(*memory), "name = \"x\"\n");
    EXPECT_EQ(pwrite(memory->get(), "y", 1, 0), -1);
    EXPECT_EQ(ftruncate(memory->get(), 0), -1);
}

}  // namespace bundle
