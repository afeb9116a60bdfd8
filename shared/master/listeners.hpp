// The sockets that clients reach: one or more for each [[listen]].
#pragma once
#include <string>
#include <vector>

#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"
#include "shared/config/config.hpp"
#include "shared/master/inherited_sockets.hpp"
#include "shared/master/unix_listener.hpp"

namespace bundle {

struct Listener {
    OwnedFd fd;           // listening, non-blocking, close-on-exec
    ListenConfig config;  // its address is the one that the socket really has: "127.0.0.1:43211"
    SocketFile file;      // of a unix socket that we made
    std::string wanted;   // the address as the file has it: "127.0.0.1:0"
};

// Its file, by which clients find it, is.
bool is_removed(const Listener& listener);

// All of them, or every problem, one to a line. A descriptor of the file ("fd:3") joins the
// inherited ones. Of an address that is among `open`, and not removed, it is a duplicate of that
// socket, which stays as it is until take_over().
Result<std::vector<Listener>> open_listeners(const std::vector<ListenConfig>& wanted,
                                             InheritedSockets& inherited,
                                             const std::vector<Listener>& open = {});

// `after` were opened with `before` as those that were open: their sockets and files are theirs
// now, and those that are in both get what the new configuration says of them.
void take_over(std::vector<Listener>& before, std::vector<Listener>& after);

// Of one that we opened ourselves: no new connection begins from now on, while those that have
// begun can be accepted. Then the listener closes without a reset for anybody; who was too late
// tries again after a second, as TCP does, and is refused.
void turn_newcomers_away(const Listener& listener);

// What the file means when it has no [[listen]] and systemd gave us sockets: all of those.
std::vector<ListenConfig> listen_on_activated(const ListenConfig& pattern,
                                              const InheritedSockets& activated);

// "http://127.0.0.1:8000", with a word about how far it reaches; "unix:/run/shop.sock".
std::string url_of(const ListenConfig& listener);

}  // namespace bundle
