#include "shared/master/sd_notify.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>

#include "shared/base/environment.hpp"

namespace bundle {

namespace {

// Half of what it takes for too long, as sd_watchdog_enabled(3) advises.
std::optional<std::chrono::milliseconds> wanted_watchdog_interval() {
    const auto length = number_in_environment("WATCHDOG_USEC");
    const bool for_us = number_in_environment("WATCHDOG_PID").value_or(getpid()) == getpid();
    if (length.value_or(0) <= 0 || !for_us) return std::nullopt;
    const auto half = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::microseconds(*length / 2));
    return std::max(half, std::chrono::milliseconds(1));
}

}  // namespace

Notifier Notifier::from_environment() {
    Notifier notifier;
    if (const char* address = std::getenv("NOTIFY_SOCKET")) notifier.address_ = address;
    unsetenv("NOTIFY_SOCKET");
    if (notifier.address_.starts_with('@')) notifier.address_[0] = '\0';
    notifier.watchdog_interval_ = wanted_watchdog_interval();
    for (const char* variable : {"WATCHDOG_USEC", "WATCHDOG_PID"}) unsetenv(variable);
    return notifier;
}

Notifier::Kept Notifier::kept() const {
    return {address_, watchdog_interval_ ? watchdog_interval_->count() : 0};
}

Notifier Notifier::resumed(const Kept& kept) {
    Notifier notifier;
    notifier.address_ = kept.address;
    if (kept.watchdog_interval > 0)
        notifier.watchdog_interval_ = std::chrono::milliseconds(kept.watchdog_interval);
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
