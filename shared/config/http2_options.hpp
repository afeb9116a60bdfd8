// The options of [http2], see options.hpp.
#pragma once
#include <tuple>

#include "shared/config/config.hpp"
#include "shared/config/option/option.hpp"

namespace bundle::config {

inline constexpr std::tuple kHttp2Options{
    option("max_concurrent_streams", &Http2Config::max_concurrent_streams, 100, {1, 10'000},
           "Requests that a connection may have open at a time."),
    option("stream_window", &Http2Config::stream_window, 256_KiB, {1_KiB, 16_MiB},
           "As much of a request body may be on its way to us. More is asked for as it is taken."),
    option("connection_window", &Http2Config::connection_window, 1_MiB, {64_KiB, 64_MiB},
           "The same, of all bodies of a connection together."),
    option("header_table_size", &Http2Config::header_table_size, 4_KiB, {0_B, 64_KiB},
           "Memory for the fields that a client sends again and again (HPACK)."),
    option("max_resets", &Http2Config::max_resets, 200, {10, 100'000},
           "Streams that a client may take back, or break rules on, in ten seconds; then the "
           "connection is closed. Each of them costs work that nobody gets an answer for."),
    option(
        "max_control_frames", &Http2Config::max_control_frames, 1000, {100, 1'000'000},
        "Frames that carry nothing of a request (PING, SETTINGS, PRIORITY, WINDOW_UPDATE, empty "
        "DATA and such; DATA of less than 1K that nobody wants any more; ten frames of a body "
        "of less than 16 bytes are one) that a client may send in ten seconds, and more for each "
        "head and, by its size, each frame of an answer's body; then the connection is closed."),
    option("max_continuations", &Http2Config::max_continuations, 7, {0, 7},
           "CONTINUATION frames of a request's head; with more the connection is closed."),
};

}  // namespace bundle::config
