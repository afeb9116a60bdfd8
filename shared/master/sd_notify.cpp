#include "shared/master/sd_notify.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstdlib>

namespace bundle {

Notifier Notifier::from_environment() {
    Notifier notifier;
    if (const char* address = std::getenv("NOTIFY_SOCKET")) notifier.address_ = address;
    unsetenv("NOTIFY_SOCKET");
    if (notifier.address_.starts_with('@')) notifier.address_[0] = '\0';
    return notifier;
}

void Notifier::say(std::string_view state) const {
    sockaddr_un to{};
    if (address_.empty() || address_.size() >= sizeof to.sun_path) return;
    to.sun_family = AF_UNIX;
    address_.copy(static_cast<char*>(to.sun_path), address_.size());
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());

    const OwnedFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    // A supervisor that does not listen is its own problem; we serve on.
    sendto(socket.get(), state.data(), state.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
           reinterpret_cast<const sockaddr*>(&to), size);
}

}  // namespace bundle
