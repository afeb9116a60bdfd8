#include "shared/master/inherited_sockets.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "shared/base/environment.hpp"

namespace bundle {

namespace {

constexpr int kFirstActivatedFd = 3;
constexpr int kMostSockets = 1024;  // more is a broken environment, not a set of listeners

std::string take_name(std::string_view& names) {
    const std::size_t colon = names.find(':');
    std::string name(names.substr(0, colon));
    names = colon == std::string_view::npos ? std::string_view{} : names.substr(colon + 1);
    return name.empty() ? "unknown" : name;  // as systemd calls them
}

}  // namespace

InheritedSockets take_activated_sockets() {
    InheritedSockets sockets;
    const std::int64_t count = number_in_environment("LISTEN_FDS").value_or(0);
    if (number_in_environment("LISTEN_PID") == getpid() && count > 0 && count <= kMostSockets) {
        const char* given_names = std::getenv("LISTEN_FDNAMES");
        std::string_view names = given_names != nullptr ? given_names : "";
        for (int fd = kFirstActivatedFd; fd < kFirstActivatedFd + count; ++fd) {
            fcntl(fd, F_SETFD, FD_CLOEXEC);
            sockets.push_back({OwnedFd(fd), take_name(names)});
        }
    }
    for (const char* variable : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) unsetenv(variable);
    return sockets;
}

}  // namespace bundle
