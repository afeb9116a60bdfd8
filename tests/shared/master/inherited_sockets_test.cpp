#include "shared/master/inherited_sockets.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <functional>

namespace bundle {

namespace {

// In a process of its own, because the protocol is about descriptors 3 and following. 0 when
// `holds`.
int in_child(const std::function<bool()>& holds) {
    const pid_t child = fork();
    if (child == 0) {
        for (int fd = 3; fd < 5; ++fd) dup2(0, fd);
        setenv("LISTEN_PID", std::to_string(getpid()).c_str(), 1);
        setenv("LISTEN_FDS", "2", 1);
        _exit(holds() ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    return status;
}

}  // namespace

TEST(InheritedSockets, TheOnesOfSystemdComeWithTheirNamesAndLeaveTheEnvironment) {
    EXPECT_EQ(in_child([] {
                  setenv("LISTEN_FDNAMES", "web:admin", 1);
                  const auto sockets = take_activated_sockets();
                  return sockets.size() == 2 && sockets[0].fd.get() == 3 &&
                         sockets[0].name == "web" && sockets[1].name == "admin" &&
                         fcntl(3, F_GETFD) == FD_CLOEXEC && std::getenv("LISTEN_FDS") == nullptr &&
                         std::getenv("LISTEN_PID") == nullptr &&
                         std::getenv("LISTEN_FDNAMES") == nullptr;
              }),
              0);
}

TEST(InheritedSockets, WithoutNamesTheyAreCalledUnknown) {
    EXPECT_EQ(in_child([] {
                  unsetenv("LISTEN_FDNAMES");
                  const auto sockets = take_activated_sockets();
                  return sockets.size() == 2 && sockets[1].name == "unknown";
              }),
              0);
}

TEST(InheritedSockets, ThoseOfAnotherProcessAreNotTouched) {
    EXPECT_EQ(in_child([] {
                  setenv("LISTEN_PID", "1", 1);
                  return take_activated_sockets().empty() && fcntl(3, F_GETFD) == 0;
              }),
              0);
}

TEST(InheritedSockets, ANumberThatIsNoneMeansNoSockets) {
    EXPECT_EQ(in_child([] {
                  setenv("LISTEN_FDS", "2x", 1);
                  return take_activated_sockets().empty();
              }),
              0);
}

}  // namespace bundle
