#include "shared/master/inherited_sockets.hpp"

#include <fcntl.h>

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>

namespace bundle {

namespace {

constexpr int kFirstActivatedFd = 3;
constexpr int kMostSockets = 1024;  // more is a broken environment, not a set of listeners

std::optional<int> number_in(const char* variable) {
    const char* text = std::getenv(variable);
    if (text == nullptr) return std::nullopt;
    int number = 0;
    const char* end = text + std::strlen(text);
    const auto [stopped, error] = std::from_chars(text, end, number);
    if (error != std::errc() || stopped != end) return std::nullopt;
    return number;
}

std::string take_name(std::string_view& names) {
    const std::size_t colon = names.find(':');
    std::string name(names.substr(0, colon));
    names = colon == std::string_view::npos ? std::string_view{} : names.substr(colon + 1);
    return name.empty() ? "unknown" : name;  // as systemd calls them
}

}  // namespace

InheritedSockets take_activated_sockets() {
    InheritedSockets sockets;
    const int count = number_in("LISTEN_FDS").value_or(0);
    if (number_in("LISTEN_PID") == getpid() && count > 0 && count <= kMostSockets) {
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
