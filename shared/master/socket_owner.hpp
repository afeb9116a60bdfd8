// Who holds an address that we cannot have: the difference between "address already in use" and an
// answer.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bundle {

struct ListeningSocket {
    std::uint64_t inode = 0;
    uid_t uid = 0;
};

// The sockets that listen on `port`, from the text of /proc/net/tcp or /proc/net/tcp6.
std::vector<ListeningSocket> listening_on(std::string_view table, std::uint16_t port);

// "nginx (pid 4711)", "a process of user root; ..." when we may not look at it; nothing when nobody
// is found.
std::optional<std::string> owner_of_port(std::uint16_t port);

// "nginx (pid 4711)", or "pid 4711" when its name cannot be read.
std::string describe_process(pid_t pid);

}  // namespace bundle
