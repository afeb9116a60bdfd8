// The wire between front and worker: private, versioned, binary, length-prefixed. No HTTP is spoken
// on it: parsed fields travel as fields, so there is no second parser to confuse and no header that
// can pose as metadata.
//
// A frame is a header of 12 bytes and a payload. All numbers are little-endian.
//
//   offset  size
//   0       4     payload length, at most kMaxPayload
//   4       2     type (FrameType)
//   6       2     flags (FrameFlag)
//   8       4     stream: which request of this socket it belongs to; 0 means the connection itself
//
// In a payload a number is written plainly, a string as its length (4 bytes) and its bytes, a list
// as its length (4 bytes) and its items.
//
// A frame flagged HasDescriptor owns one file descriptor, sent by SCM_RIGHTS with the frame's first
// byte or with one before that. Descriptors keep the order of their frames.
//
// Worker to front: Hello, Metrics, AnswerHead, Data, File, Cost, End, Free, Log, ExtendDeadline,
// Retire.
// Front to worker: Request, Drain, ErrorLog. Data from front to worker (a streamed upload, a
// WebSocket) has its place kept: same type, same shape. Whether a request is still wanted stands in
// memory that both share (request_slots.hpp).
//
// A newer peer says more by a new type: an unknown one is skipped (and its descriptor closed).
// Known payloads are closed: bytes left over are an error, and so are flags that we do not know.
// Whatever would change one of them needs a new version, which is refused at Hello; of that payload
// the version's place alone is for ever.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"

namespace bundle::wire {

inline constexpr std::uint16_t kVersion = 4;
inline constexpr std::size_t kHeaderSize = 12;
// Room for a request with the largest head and inline body that http.max_head_size and
// http.body_memory can allow (1 MiB each; parts of the head stand in it twice). More is a broken
// peer.
inline constexpr std::size_t kMaxPayload = 8U << 20;
// A piece of an answer is split above this, so that the front's buffers stay even.
inline constexpr std::size_t kMaxData = 256U << 10;
// A longer log line is cut at the front: a traceback ends with its reason.
inline constexpr std::size_t kMaxLog = 64U << 10;

enum class FrameType : std::uint16_t {
    Hello = 1,
    Request = 2,
    AnswerHead = 3,
    Data = 4,
    File = 5,
    End = 6,
    Log = 7,
    Drain = 8,
    Retire = 9,
    ErrorLog = 10,
    ExtendDeadline = 11,
    Free = 12,
    Metrics = 13,
    Cost = 14,
};

enum class FrameFlag : std::uint16_t { None = 0, HasDescriptor = 1 };

struct FrameHeader {
    std::uint32_t length = 0;
    FrameType type = FrameType::Hello;
    std::uint16_t flags = 0;
    std::uint32_t stream = 0;

    [[nodiscard]] bool has_descriptor() const {
        return (flags & static_cast<std::uint16_t>(FrameFlag::HasDescriptor)) != 0;
    }
};

struct Frame {
    FrameHeader header;
    std::string_view payload;  // valid as long as the bytes it was read from
};

// The header at the front of `bytes`, so that the payload of a Data frame can be passed on as it
// comes. Nothing and errors as take_frame() has them.
Result<std::optional<FrameHeader>> peek_header(std::string_view bytes);

// Takes one frame off the front of `bytes`. Nothing when more bytes are needed; an error when no
// frame can begin like that (too long for its type, a stream or a descriptor where there can be
// none, or the lack of one), after which the connection is of no use. So a frame of type File
// always has its descriptor, and a frame that has none to own never claims one.
Result<std::optional<Frame>> take_frame(std::string_view& bytes);

// How many bytes the frame at the front of `bytes` will have in all; 0 when that is not known yet.
// To be believed only after take_frame() asked for more.
std::size_t frame_size(std::string_view bytes);

// The codec's own: messages.hpp makes whole frames.
void append_header(std::string& out, const FrameHeader& header);

}  // namespace bundle::wire
