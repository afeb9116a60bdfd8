// The language of listen.address: "HOST:PORT", ":PORT", "[::1]:PORT", "unix:/path", "fd:3",
// "systemd:NAME".
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "shared/base/result.hpp"

namespace bundle {

struct TcpAddress {
    std::string host;        // without brackets; empty: every address of both families
    std::uint16_t port = 0;  // 0: the kernel chooses
};
struct UnixAddress {
    std::string path;  // short enough for a sockaddr_un
};
struct InheritedAddress {
    int fd = -1;  // open since our start
};
struct SystemdAddress {
    std::string name;  // FileDescriptorName= of a socket unit
};
using ListenAddress = std::variant<TcpAddress, UnixAddress, InheritedAddress, SystemdAddress>;

// An error's message ends a sentence that begins with the address: `it has no port; write
// HOST:PORT`.
Result<ListenAddress> parse_listen_address(std::string_view text);

}  // namespace bundle
