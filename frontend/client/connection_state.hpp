// The life of a client's connection, as tables only: client_connection.cpp moves along them.
//
// A connection is idle, then reads one request, waits for its answer, sends it, and is idle again;
// a pipelined request waits in the meantime. Before all that it reads the PROXY protocol and shakes
// hands for TLS, where the listener speaks them. Of HTTP/2 it knows no more than that it is spoken:
// there each stream has a life of its own (stream_state.hpp). Whatever cannot go on ends in Linger
// (the client may still read what it was told) or in Closed.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "frontend/request/limit.hpp"
#include "shared/config/config.hpp"

namespace bundle {

enum class ConnectionState : std::uint8_t {
    ReadPreface,
    Handshake,
    Idle,
    ReadHead,
    ReadBody,
    AwaitAnswer,
    SendAnswer,
    Multiplexed,
    Linger,
    Closed,
};

enum class ConnectionEvent : std::uint8_t {
    PrefaceRead,  // the PROXY protocol has named the client
    TlsExpected,  // the same, and TLS is to follow
    Secured,      // the handshake of TLS is done
    Http2Begins,  // it is spoken from now on
    FirstByte,    // of a request
    HeadDone,     // and a body follows
    RequestDone,  // head and body are here and checked
    AnswerReady,  // something is there to be sent: an answer, an error page, a refusal
    AllSent,      // all that is there so far; more is to come
    AnswerSent,   // to its last byte; the next request may come
    LastSent,     // the same, and it was the last answer of this connection
    Refused,      // the last answer is sent and the client may still be sending
    TurnedAway,   // it may not even ask
    Lost,         // the client left, a deadline passed, or the answer cannot be completed
};

struct ConnectionTransition {
    ConnectionState in;
    ConnectionEvent on;
    ConnectionState to;
};

inline constexpr std::array kConnectionTransitions = {
    ConnectionTransition{ConnectionState::ReadPreface, ConnectionEvent::PrefaceRead,
                         ConnectionState::Idle                                                              },
    ConnectionTransition{ConnectionState::ReadPreface, ConnectionEvent::Lost,
                         ConnectionState::Closed                                                            },
    ConnectionTransition{ConnectionState::ReadPreface, ConnectionEvent::TlsExpected,
                         ConnectionState::Handshake                                                         },
    ConnectionTransition{ConnectionState::Handshake,   ConnectionEvent::Secured,
                         ConnectionState::Idle                                                              },
    ConnectionTransition{ConnectionState::Handshake,   ConnectionEvent::TurnedAway,
                         ConnectionState::Linger                                                            },
    ConnectionTransition{ConnectionState::Handshake,   ConnectionEvent::Lost,
                         ConnectionState::Closed                                                            },
    ConnectionTransition{ConnectionState::Idle,        ConnectionEvent::FirstByte,
                         ConnectionState::ReadHead                                                          },
    ConnectionTransition{ConnectionState::Idle,        ConnectionEvent::TurnedAway,
                         ConnectionState::Linger                                                            },
    ConnectionTransition{ConnectionState::Idle,        ConnectionEvent::Lost,        ConnectionState::Closed},
    ConnectionTransition{ConnectionState::ReadHead,    ConnectionEvent::HeadDone,
                         ConnectionState::ReadBody                                                          },
    ConnectionTransition{ConnectionState::ReadHead,    ConnectionEvent::RequestDone,
                         ConnectionState::AwaitAnswer                                                       },
    ConnectionTransition{ConnectionState::ReadHead,    ConnectionEvent::AnswerReady,
                         ConnectionState::SendAnswer                                                        },
    ConnectionTransition{ConnectionState::ReadHead,    ConnectionEvent::Lost,        ConnectionState::Closed},
    ConnectionTransition{ConnectionState::ReadBody,    ConnectionEvent::RequestDone,
                         ConnectionState::AwaitAnswer                                                       },
    ConnectionTransition{ConnectionState::ReadBody,    ConnectionEvent::AnswerReady,
                         ConnectionState::SendAnswer                                                        },
    ConnectionTransition{ConnectionState::ReadBody,    ConnectionEvent::Lost,        ConnectionState::Closed},
    ConnectionTransition{ConnectionState::AwaitAnswer, ConnectionEvent::AnswerReady,
                         ConnectionState::SendAnswer                                                        },
    ConnectionTransition{ConnectionState::AwaitAnswer, ConnectionEvent::Lost,
                         ConnectionState::Closed                                                            },
    ConnectionTransition{ConnectionState::SendAnswer,  ConnectionEvent::AllSent,
                         ConnectionState::AwaitAnswer                                                       },
    ConnectionTransition{ConnectionState::SendAnswer,  ConnectionEvent::AnswerSent,
                         ConnectionState::Idle                                                              },
    ConnectionTransition{ConnectionState::SendAnswer,  ConnectionEvent::LastSent,
                         ConnectionState::Closed                                                            },
    ConnectionTransition{ConnectionState::SendAnswer,  ConnectionEvent::Refused,
                         ConnectionState::Linger                                                            },
    ConnectionTransition{ConnectionState::SendAnswer,  ConnectionEvent::Lost,
                         ConnectionState::Closed                                                            },
    ConnectionTransition{ConnectionState::Idle,        ConnectionEvent::Http2Begins,
                         ConnectionState::Multiplexed                                                       },
    ConnectionTransition{ConnectionState::Multiplexed, ConnectionEvent::Refused,
                         ConnectionState::Linger                                                            },
    ConnectionTransition{ConnectionState::Multiplexed, ConnectionEvent::Lost,
                         ConnectionState::Closed                                                            },
    ConnectionTransition{ConnectionState::Linger,      ConnectionEvent::Lost,        ConnectionState::Closed},
};

// What a connection is doing, how long it may, and what it is answered when it does not end in
// time. No limit means that someone else watches the time; no status means that it is closed
// without a word.
struct ConnectionRule {
    ConnectionState state;
    std::string_view doing;
    milliseconds (*limit)(const HttpConfig& http, const TlsConfig& tls);
    Limit met;  // that limit's name
    std::optional<std::uint16_t> on_expiry;
};

template <auto Timeout>
constexpr milliseconds of_http(const HttpConfig& http, const TlsConfig& /*tls*/) {
    return http.*Timeout;
}
template <auto Timeout>
constexpr milliseconds of_tls(const HttpConfig& /*http*/, const TlsConfig& tls) {
    return tls.*Timeout;
}

inline constexpr std::array kConnectionRules = {
    ConnectionRule{ConnectionState::ReadPreface, "reading the PROXY protocol",
                   of_http<&HttpConfig::head_timeout>,                                  Limit::None,             std::nullopt},
    ConnectionRule{ConnectionState::Handshake,   "shaking hands",
                   of_tls<&TlsConfig::handshake_timeout>,                               Limit::HandshakeTimeout, std::nullopt},
    ConnectionRule{ConnectionState::Idle,        "waiting for a request",
                   of_http<&HttpConfig::keepalive_timeout>,                             Limit::None,             std::nullopt},
    ConnectionRule{ConnectionState::ReadHead,    "reading the request head",
                   of_http<&HttpConfig::head_timeout>,                                  Limit::HeadTimeout,      408         },
    ConnectionRule{ConnectionState::ReadBody,    "reading the request body",
                   of_http<&HttpConfig::body_timeout>,                                  Limit::BodyTimeout,      408         },
    ConnectionRule{ConnectionState::AwaitAnswer, "waiting for the answer",     nullptr, Limit::None,
                   std::nullopt                                                                                              },
    ConnectionRule{ConnectionState::SendAnswer,  "sending the answer",
                   of_http<&HttpConfig::send_timeout>,                                  Limit::SendTimeout,      std::nullopt},
    ConnectionRule{ConnectionState::Multiplexed, "speaking HTTP/2",            nullptr, Limit::None,
                   std::nullopt                                                                                              },
    ConnectionRule{ConnectionState::Linger,      "lingering",                  nullptr, Limit::None,             std::nullopt},
    ConnectionRule{ConnectionState::Closed,      "closed",                     nullptr, Limit::None,             std::nullopt},
};

// A client that was refused while it was sending gets so long to read why; without it, closing
// would reset the connection and destroy the answer on its way (RFC 9112 section 9.6).
inline constexpr std::chrono::seconds kLingerTime{5};

// The same for one that may not even ask: it costs a descriptor that it should not have.
inline constexpr std::chrono::milliseconds kTurnedAwayTime{500};

// While the front stops, nobody is waited for longer than this: not for a request that a client may
// have on its way over a kept connection, nor for one that does not close.
inline constexpr std::chrono::milliseconds kDrainGrace{500};

// The same after an upgrade, when nobody waits for it to end: longer, because a client that asks
// now and then and meets an end at that very moment has to ask again.
inline constexpr std::chrono::milliseconds kHandOverGrace{5'000};

// Where an event leads; nothing when it cannot happen in that state.
constexpr std::optional<ConnectionState> next_state(ConnectionState in, ConnectionEvent on) {
    for (const ConnectionTransition& transition : kConnectionTransitions)
        if (transition.in == in && transition.on == on) return transition.to;
    return std::nullopt;
}

constexpr const ConnectionRule& rule_of(ConnectionState state) {
    return kConnectionRules[static_cast<std::size_t>(state)];
}

}  // namespace bundle
