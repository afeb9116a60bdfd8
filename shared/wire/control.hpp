// What the master and its children (front, arbiters) say to each other: datagrams on a
// SOCK_SEQPACKET pair, one message each, so there is no framing to do. The end of the file means
// that the other side is gone.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"

namespace bundle::wire {

enum class ControlType : std::uint8_t {
    // child to master
    Ready = 1,  // front: accepting. arbiter: the application is loaded, workers are being forked
    WorkersReady = 2,  // front: `count` workers of `app` and `generation` are connected
    Failed = 3,        // arbiter: `text` says why, `count` is the exit status that follows.
                       // front: why `generation` cannot be prepared
    Prepared = 4,      // front: `generation` stands beside the one that serves
    Noted = 5,         // arbiter: the answer to Reloading
    MoreWorkers = 6,   // front: `app` of `generation` should have more; `text` is why
    FewerWorkers = 7,  // the same, one fewer
    WorkerEnded = 8,   // arbiter: one of `app`; `text` is why
    // front: a piece of the answer to TellStatus, of which `count` more follow; in the last one of
    // a
    // status `app` is why we are not ready, "" when we are
    Status = 9,
    NotBooted = 10,  // arbiter: a worker of `app` could not, and is tried again; as in Failed
    Alive = 11,      // the answer to Ping; an arbiter says it before it calls a hook, too
    Stacks = 13,     // arbiter: the answer to TellStacks; `text` is empty when `count` is no worker
    CutOff = 12,     // front: it leaves, and does not answer `count` requests
    SlowRequest = 14,  // arbiter: one of `app` takes long; `text`: slow_request.hpp
    // front: the worker of `app` and `generation` with the pid `count` does not begin its requests.
    // On to the arbiter: end it
    Unresponsive = 35,
    // master to child
    Drain = 16,  // finish what was begun, take nothing new, then exit 0
    Hurry = 17,  // stop now
    // front, with descriptors: configuration, access log, error log, credentials, then a listener
    // for each [[listen]], where those of addresses that are listened to already are not used, and
    // a view of the scoreboard of each app
    Prepare = 18,
    Commit = 19,     // front: `generation` serves from now on; one that awaits it accepts
    Abandon = 20,    // front: forget what was prepared
    Reloading = 21,  // arbiter: a new generation is about to begin
    Retire = 22,     // arbiter: replace nobody; exit 0 when the front has sent the workers away
    Logs = 23,   // with the error log and, for the front, the access log: write there from now on
    Scale = 24,  // arbiter: `count` workers from now on. front: `app` is to have so many
    NotReady = 25,  // front: load balancers are to hear that we are about to stop
    // front, with a descriptor (shared/tls/credentials.hpp): show this to new clients
    Certificates = 26,
    // front: another one has its listeners now; end what was begun, close what is idle, then exit 0
    HandOver = 27,
    Maintenance = 28,  // front: `count` is 1: as if every site's maintenance.on were true. 0: not
    WorkerListener = 29,  // front, with a listener: workers connect there from now on
    TellStatus = 30,      // front: as Command::Status (command.hpp) says
    ReloadFailed = 31,    // front: what serves goes on
    TellStacks = 33,      // arbiter: where the threads of the worker with the pid `count` stand
    Ping = 32,            // whether it is stuck
    // front: `count` times so far a child of the kind `app` (front, arbiter) was started again, for
    // it ended as `text` says
    Restarts = 34,
    // front: `count` is 1: requests for applications wait, a reload is about to come. 0: it came
    Hold = 40,
};

struct ControlMessage {
    ControlType type{};
    std::uint32_t count = 0;
    std::string app;
    std::string text;
    std::uint32_t generation = 0;

    friend bool operator==(const ControlMessage&, const ControlMessage&) = default;
};

// At most this many bytes of text travel; a longer one is cut at the front (a traceback ends with
// its reason).
inline constexpr std::size_t kMaxControlText = 64U << 10;

std::string encode_control(const ControlMessage& message);
Result<ControlMessage> decode_control(std::string_view datagram);

// Blocking or not as the socket is. receive: nothing when the other side is gone. On a socket that
// does not block it is called when poll says that there is something to read; without that, EAGAIN
// is an error. A malformed message is an error too, and the next one can still be received.
Result<void> send_control(int socket, const ControlMessage& message,
                          std::span<const int> descriptors = {});
Result<std::optional<ControlMessage>> receive_control(int socket);
// With the descriptors that came along, close-on-exec.
Result<std::optional<ControlMessage>> receive_control(int socket,
                                                      std::vector<OwnedFd>& descriptors);

}  // namespace bundle::wire
