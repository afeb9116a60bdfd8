// The life of a stream of HTTP/2, as tables only: http2_stream.cpp moves along them. It is that of
// one request of HTTP/1 (connection_state.hpp); what lies before and behind it is its connection's.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "frontend/client/connection_state.hpp"

namespace bundle {

enum class StreamState : std::uint8_t {
    ReadHead,
    ReadBody,
    AwaitAnswer,
    SendAnswer,
    Closed,
};

enum class StreamEvent : std::uint8_t {
    HeadDone,     // and a body follows
    RequestDone,  // head and body are here and checked
    AnswerBegun,  // an answer, an error page, a refusal
    Ended,        // answered to the last byte, reset, or lost with its connection
};

struct StreamTransition {
    StreamState in;
    StreamEvent on;
    StreamState to;
};

inline constexpr std::array kStreamTransitions = {
    StreamTransition{StreamState::ReadHead,    StreamEvent::HeadDone,    StreamState::ReadBody   },
    StreamTransition{StreamState::ReadHead,    StreamEvent::RequestDone, StreamState::AwaitAnswer},
    StreamTransition{StreamState::ReadHead,    StreamEvent::AnswerBegun, StreamState::SendAnswer },
    StreamTransition{StreamState::ReadHead,    StreamEvent::Ended,       StreamState::Closed     },
    StreamTransition{StreamState::ReadBody,    StreamEvent::RequestDone, StreamState::AwaitAnswer},
    StreamTransition{StreamState::ReadBody,    StreamEvent::AnswerBegun, StreamState::SendAnswer },
    StreamTransition{StreamState::ReadBody,    StreamEvent::Ended,       StreamState::Closed     },
    StreamTransition{StreamState::AwaitAnswer, StreamEvent::AnswerBegun, StreamState::SendAnswer },
    StreamTransition{StreamState::AwaitAnswer, StreamEvent::Ended,       StreamState::Closed     },
    StreamTransition{StreamState::SendAnswer,  StreamEvent::Ended,       StreamState::Closed     },
};

// As of a connection. Of SendAnswer only the time counts in which the client's window is shut.
struct StreamRule {
    StreamState state;
    std::string_view doing;
    milliseconds HttpConfig::*limit;
    Limit met;
    std::optional<std::uint16_t> on_expiry;
};

inline constexpr std::array kStreamRules = {
    StreamRule{StreamState::ReadHead,    "reading the request head", nullptr,                   Limit::None,
               std::nullopt                                                                                              },
    StreamRule{StreamState::ReadBody,    "reading the request body", &HttpConfig::body_timeout,
               Limit::BodyTimeout,                                                                           408         },
    StreamRule{StreamState::AwaitAnswer, "waiting for the answer",   nullptr,                   Limit::None,
               std::nullopt                                                                                              },
    StreamRule{StreamState::SendAnswer,  "sending the answer",       &HttpConfig::send_timeout,
               Limit::SendTimeout,                                                                           std::nullopt},
    StreamRule{StreamState::Closed,      "closed",                   nullptr,                   Limit::None, std::nullopt},
};

constexpr std::optional<StreamState> next_state(StreamState in, StreamEvent on) {
    for (const StreamTransition& transition : kStreamTransitions)
        if (transition.in == in && transition.on == on) return transition.to;
    return std::nullopt;
}

constexpr const StreamRule& rule_of(StreamState state) {
    return kStreamRules[static_cast<std::size_t>(state)];
}

}  // namespace bundle
