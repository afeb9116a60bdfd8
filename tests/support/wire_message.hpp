// Any message of the wire as one value, for the tests and the fuzz target that go through all of
// them.
#pragma once
#include <string>
#include <string_view>
#include <variant>

#include "shared/wire/messages.hpp"

namespace bundle::wire {

struct Data {
    std::string_view bytes;
    friend bool operator==(const Data&, const Data&) = default;
};
struct Log {
    std::string_view line;
    friend bool operator==(const Log&, const Log&) = default;
};
struct Drain {
    friend bool operator==(const Drain&, const Drain&) = default;
};
struct Free {
    friend bool operator==(const Free&, const Free&) = default;
};
struct Retire {
    friend bool operator==(const Retire&, const Retire&) = default;
};
struct ErrorLog {
    friend bool operator==(const ErrorLog&, const ErrorLog&) = default;
};
struct Metrics {
    friend bool operator==(const Metrics&, const Metrics&) = default;
};
struct Unknown {
    FrameHeader header;
    std::string_view payload;
    friend bool operator==(const Unknown& a, const Unknown& b) {
        return a.header.type == b.header.type && a.payload == b.payload;
    }
};

using AnyMessage = std::variant<Hello, Request, AnswerHead, Data, File, End, Log, Drain, Retire,
                                ErrorLog, ExtendDeadline, Free, Metrics, Cost, Unknown>;

struct Spoken {
    std::uint32_t stream = 0;
    AnyMessage message;
    friend bool operator==(const Spoken&, const Spoken&) = default;
};

Result<AnyMessage> decode_any(const Frame& frame);
std::string encode_any(const Spoken& spoken);

}  // namespace bundle::wire
