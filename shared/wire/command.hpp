// What a command (`bundle reload`) and the master say to each other on the control socket: one
// request, then replies until the last one, which carries the command's exit status. Datagrams on
// a SOCK_SEQPACKET connection, so there is no framing to do.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"

namespace bundle::wire {

enum class Command : std::uint8_t {
    Stop = 1,
    Reload = 2,
    Scale = 3,        // `app` to `count` workers
    Upgrade = 4,      // to the programs that are installed now
    Maintenance = 5,  // `count` is 1: on, 0: off
    Status = 6,       // in the StatusForm that `count` is; of `app`, where that is told
    Stack = 7,        // of the worker with the pid `count`
};

// What is told of the status. The front knows; ControlType::TellStatus has the same numbers.
enum class StatusForm : std::uint32_t {
    Text = 0,
    Json = 1,
    Screen = 2,  // of `bundle top`
    Slow = 3,    // the slow requests
    SlowJson = 4,
    // Parts of the status, of all applications or of one.
    Workers = 5,
    WorkersJson = 6,
    Requests = 7,
    RequestsJson = 8,
    Queue = 9,
    QueueJson = 10,
};

struct CommandRequest {
    Command command{};
    std::uint32_t count = 0;
    std::string app;

    friend bool operator==(const CommandRequest&, const CommandRequest&) = default;
};

enum class ReplyKind : std::uint8_t {
    Progress = 1,  // `text` is a line for whoever waits; more follows
    Last = 2,      // `status` is how the command exits, `text` why
};

struct CommandReply {
    ReplyKind kind{};
    std::uint8_t status = 0;
    std::string text;

    friend bool operator==(const CommandReply&, const CommandReply&) = default;
};

inline constexpr std::size_t kMaxCommandRequest = 1024;
// A longer text is cut at the front: a traceback ends with its reason.
inline constexpr std::size_t kMaxReplyText = 64U << 10;
inline constexpr std::size_t kMaxCommandReply = kMaxReplyText + 64;

std::string encode_command(const CommandRequest& request);
Result<CommandRequest> decode_command(std::string_view datagram);
std::string encode_reply(const CommandReply& reply);
Result<CommandReply> decode_reply(std::string_view datagram);

}  // namespace bundle::wire
