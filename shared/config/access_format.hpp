// The formats of the access log (log.access.format), taken apart into what stands in a line: text
// of its own, and facts of a request by the names that gunicorn and nginx have for them.
//
//   %(h)s %({referer}i)s %({queue-ms}x)s      gunicorn's atoms, and ours in their form
//   $remote_addr $http_referer $queue_time    nginx's variables, and ours in their form
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"

namespace bundle {

enum class LogFact : std::uint8_t {
    Text,  // of the format itself
    Dash,  // what nobody knows, and identd never did
    Client,
    ClientPort,
    User,
    TimeCommon,      // 14/Nov/2023:22:13:20 +0000
    TimeInBrackets,  // the same
    TimeIso,         // 2023-11-14T22:13:20+00:00
    TimeEpoch,       // 1700000000.123
    RequestLine,
    Method,
    Target,
    Path,
    Query,
    QuestionMark,  // "?" when there is a query
    Protocol,
    Host,
    Scheme,
    ServerPort,
    RequestField,  // of that name
    RequestBytes,
    Status,
    BodyBytes,
    Bytes,
    AnswerField,  // of that name
    Duration,
    RequestId,
    TraceId,
    Site,
    Route,
    App,
    Worker,
    Pid,
    PidInBrackets,
    WorkerCpu,
    WorkerMemory,
    Reason,
    QueryIfAny,     // nothing when there is none
    ScriptName,     // likewise
    ServerName,     // Host without a port
    QueryArgument,  // of that name
    Cookie,         // of that name
    UpstreamStatus,
    TlsProtocol,
};

// The parts of a request's time; App begins with AppFirst, and Total is Read, Queue, App and Send.
enum class TimePart : std::uint8_t {
    Total,
    Read,
    Queue,
    AppFirst,
    App,
    Send,
    QueueToFirst,  // what nginx sees of its upstream
    QueueToEnd,
};

enum class TimeUnit : std::uint8_t {
    WholeSeconds,
    WholeMilliseconds,
    Microseconds,
    Milliseconds,     // 1.234
    Seconds,          // 0.001
    SecondsInDetail,  // 0.001234
};

struct LogPiece {
    LogFact fact = LogFact::Text;
    std::string text = {};  // of Text; or a name, in lower case
    TimePart part = TimePart::Total;
    TimeUnit unit = TimeUnit::Seconds;
    bool in_quotes = false;  // those of the format: then a space is part of the value

    bool operator==(const LogPiece&) const = default;
};

inline constexpr std::string_view kCombinedFormat = "combined";
inline constexpr std::string_view kJsonFormat = "json";

// Whether a line of that format tells what a request took in its worker, which measures it then.
bool tells_cost(std::string_view format);

// Neither of those two. The error is the end of a sentence that begins with the option.
Result<std::vector<LogPiece>> parse_access_format(std::string_view text);

namespace config {

std::optional<std::string> check_access_format(std::string_view text);

}  // namespace config

}  // namespace bundle
