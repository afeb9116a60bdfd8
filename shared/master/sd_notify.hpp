// Telling systemd how we are (sd_notify(3)): one datagram to the socket that NOTIFY_SOCKET names.
#pragma once
#include <string>
#include <string_view>

#include "shared/base/owned_fd.hpp"

namespace bundle {

class Notifier {
  public:
    // Takes NOTIFY_SOCKET out of the environment: no child is to speak in our name. Without it
    // nothing is sent.
    static Notifier from_environment();

    // "READY=1\nSTATUS=serving"
    void say(std::string_view state) const;

  private:
    std::string address_;  // a path, or an abstract name that begins with a zero byte
};

}  // namespace bundle
