// Answers as bytes (RFC 9112 section 6, RFC 9110 sections 6.4 and 8.6): the head, in the form that
// head_writer.hpp gives it, and how the body is framed. No sockets in here.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "frontend/answer/header_changes.hpp"
#include "frontend/request/request_head.hpp"
#include "shared/config/config.hpp"
#include "shared/http/headers.hpp"

namespace bundle {

enum class Framing : std::uint8_t {
    None,        // HEAD, 204, 205, 304: never a body
    Length,      // Content-Length
    Chunked,     // HTTP/1.1 with a length nobody knows
    UntilClose,  // a length nobody knows, where the connection or the stream ends with the body
};

// What of the request and of the connection shapes the answer's head.
struct AnswerContext {
    HttpVersion version = HttpVersion::Http11;
    bool head_only = false;   // a HEAD request
    bool keep_alive = false;  // the client asks for it and we are willing
    std::string_view date;    // IMF-fixdate of now
    ServerHeader server_header = ServerHeader::Off;
    std::string_view request_id;  // "": none is sent
    const HeaderChanges* changes = nullptr;
};

struct AnswerFraming {
    Framing framing = Framing::None;
    std::uint64_t length = 0;  // of Framing::Length
    bool keep_alive = false;   // after this answer
};

// Appends an answer's head to `out`. Of `fields`, hop-by-hop ones are left out (the connection is
// ours), and those that were meant for us (server_fields.hpp); Date and Server are added where they
// are missing. An answer whose Content-Length is no number, or two that differ, or which has a
// control byte in a field or in `reason`, is refused: nothing is appended and nothing is returned.
std::optional<AnswerFraming> write_answer_head(std::string& out, std::uint16_t status,
                                               std::string_view reason,
                                               std::span<const HeaderField> fields,
                                               const AnswerContext& context);

// Appends an interim answer (RFC 9110 section 15.2), which says nothing of the connection or a
// body. False, and nothing appended, when it has a control byte somewhere.
bool write_interim_head(std::string& out, HttpVersion version, std::uint16_t status,
                        std::string_view reason, std::span<const HeaderField> fields);

// One chunk's size line, and what ends a chunk; then what ends the body.
void write_chunk_size(std::string& out, std::uint64_t size);
inline constexpr std::string_view kChunkEnd = "\r\n";
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

inline constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace bundle
