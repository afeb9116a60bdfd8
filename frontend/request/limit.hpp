// The limits of the configuration that a request or a connection can meet: how each is called, and
// what its value is. One row per limit; what is refused is told in these words.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/config/config.hpp"

namespace bundle {

enum class Limit : std::uint8_t {
    None,  // refused for another reason
    RequestLine,
    HeadSize,
    HeaderSize,
    FieldCount,
    HeadTimeout,
    Body,
    BodyTimeout,
    BodyMinRate,
    TempMinFree,
    TempMax,
    QueueMax,
    QueueTimeout,
    QueueShare,
    SendTimeout,
    SendMinRate,
    ConnectionsPerIp,
    HandshakeTimeout,
    Http2Streams,
    Http2Resets,
    Http2ControlFrames,
    Http2Continuations,
};
inline constexpr std::size_t kLimitCount = static_cast<std::size_t>(Limit::Http2Continuations) + 1;

// "request line longer than http.max_request_line (8K)"; `app` is that of a queue's limits, `here`
// what holds for the request's route, which may differ from [http].
std::string limit_text(Limit limit, const Config& config, const AppConfig* app = nullptr,
                       const HttpConfig* here = nullptr);
// "http.max_request_line"
std::string_view limit_option(Limit limit);

}  // namespace bundle
