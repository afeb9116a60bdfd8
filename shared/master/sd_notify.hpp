// Telling systemd how we are (sd_notify(3)): one datagram to the socket that NOTIFY_SOCKET names.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/owned_fd.hpp"

namespace bundle {

class Notifier {
  public:
    // Takes NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID out of the environment: no child is to
    // speak in our name. Without it nothing is sent.
    static Notifier from_environment();
    // How it goes on in another program of this process.
    struct Kept {
        std::string address;
        std::int64_t watchdog_interval = 0;  // milliseconds; 0: none
    };
    [[nodiscard]] Kept kept() const;
    static Notifier resumed(const Kept& kept);

    // "READY=1\nSTATUS=serving"
    void say(std::string_view state) const;

    // How often the supervisor is told that we turn; never more seldom than it wants to hear it.
    [[nodiscard]] std::optional<std::chrono::milliseconds> watchdog_interval() const {
        return watchdog_interval_;
    }

  private:
    std::optional<std::chrono::milliseconds> watchdog_interval_;
    std::string address_;  // a path, or an abstract name that begins with a zero byte
};

}  // namespace bundle
