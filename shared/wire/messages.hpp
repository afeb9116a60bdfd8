// What the frames say. encode() appends one whole frame to `out`; decode_*() reads a payload and
// checks every length in it: whatever comes from the other side is checked. Views in a decoded
// message point into the payload. What a text says is not judged here: a worker may be anyone's
// code, so the front checks field names and values (no CR, LF, NUL) before it writes them to a
// client.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/http/headers.hpp"
#include "shared/wire/frame.hpp"

namespace bundle::wire {

// A moment on CLOCK_MONOTONIC, which both sides share. Zero: none.
using Moment = std::chrono::steady_clock::time_point;

// A worker introduces itself; the first frame on its socket. Its descriptor is that of the
// RequestSlots for this socket.
struct Hello {
    std::uint16_t version = kVersion;
    std::string_view app;
    std::uint32_t generation = 0;
    std::uint32_t pid = 0;
    std::uint32_t slot = 0;      // its row in the scoreboard; the number that people see
    std::uint32_t capacity = 1;  // requests at a time; more than 1 is for later

    friend bool operator==(const Hello&, const Hello&) = default;
};

enum class BodyPlace : std::uint8_t { None = 0, Inline = 1, Descriptor = 2 };

// A whole request. Field names are lower-case; hop-by-hop ones are gone, X-Forwarded-* are ours.
struct Request {
    std::uint32_t stream = 0;
    std::string_view request_id;
    std::string_view method;
    std::string_view target;    // as the client sent it: RAW_URI
    std::string_view path;      // decoded: SCRIPT_NAME + PATH_INFO
    std::string_view query;     // after "?", as sent
    std::string_view mount;     // SCRIPT_NAME: "" or "/shop"
    std::string_view protocol;  // "HTTP/1.1"
    std::string_view scheme;    // "http" or "https"
    std::string_view server_name;
    std::string_view server_port;
    std::string_view remote_addr;  // "" for a unix socket
    std::string_view remote_port;
    Moment received;  // first byte of the head
    Moment queued;    // complete, waiting for a worker
    Moment deadline;  // zero: none
    Headers fields;
    Headers tls;  // variables of the environ by their names, "SSL_PROTOCOL"; empty without TLS
    BodyPlace body_place = BodyPlace::None;
    std::uint64_t body_length = 0;
    std::string_view body;  // BodyPlace::Inline: body_length bytes; else empty

    friend bool operator==(const Request&, const Request&) = default;
};

enum class AnswerBody : std::uint8_t { Any, WholeFile };

// The application's answer begins. A status below 200 is an interim answer (RFC 9110 section 15.2),
// and the real one is still to come.
struct AnswerHead {
    std::uint16_t status = 0;  // 100 to 999
    std::string_view reason;   // as the application gave it; may be empty
    Headers fields;
    // One File comes, which is all of the body and all of the file, so that the front may send
    // parts of it; also where no body is wanted.
    AnswerBody body = AnswerBody::Any;

    friend bool operator==(const AnswerHead&, const AnswerHead&) = default;
};

// A piece of a file, sent by the front from the descriptor that comes with the frame.
struct File {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;  // offset + length fits an off_t

    friend bool operator==(const File&, const File&) = default;
};

// Complete: what was sent is the whole body. Aborted: the application failed after its head was
// out, and the client must not take what it got for the whole. Failed: it failed before any head;
// the front answers 500.
enum class Outcome : std::uint8_t { Complete = 0, Aborted = 1, Failed = 2 };

// What the worker does when its answer has ended: nothing, or the application's close() and hooks.
// Then it says Free, unless it finds a request ahead and begins that: the first frame of that one
// says it as well.
enum class Afterwards : std::uint8_t { Free = 0, Closing = 1 };

struct End {
    Outcome outcome = Outcome::Complete;
    Afterwards afterwards = Afterwards::Free;

    friend bool operator==(const End&, const End&) = default;
};

// The application asks for more time: its request need not be done before then.
struct ExtendDeadline {
    Moment deadline;

    friend bool operator==(const ExtendDeadline&, const ExtendDeadline&) = default;
};

// What the request took in its worker, as far as that can be told when it ends.
struct Cost {
    std::uint64_t cpu = 0;    // nanoseconds of its thread
    std::uint64_t grown = 0;  // resident memory of the whole process, in bytes
    std::uint64_t shrunk = 0;

    friend bool operator==(const Cost&, const Cost&) = default;
};

// These can be too large for a frame (kMaxPayload) or contradict themselves (a status of 42, an
// inline body of another length than body_length); then they return an error and append nothing.
Result<void> encode(std::string& out, const Hello& hello);  // HasDescriptor
Result<void> encode(std::string& out,
                    const Request& request);  // HasDescriptor when the body is one
Result<void> encode(std::string& out, std::uint32_t stream, const AnswerHead& head);

void encode(std::string& out, std::uint32_t stream, const File& file);  // HasDescriptor
void encode(std::string& out, std::uint32_t stream, const End& end);
void encode(std::string& out, std::uint32_t stream, const ExtendDeadline& extended);
void encode(std::string& out, std::uint32_t stream, const Cost& cost);
// Data in pieces of at most kMaxData; no frame for no data.
void encode_data(std::string& out, std::uint32_t stream, std::string_view data);
// Only the header of a Data frame, for a caller that sends `length` (at most kMaxData) bytes from
// elsewhere.
void encode_data_header(std::string& out, std::uint32_t stream, std::size_t length);
void encode_log(std::string& out, std::uint32_t stream, std::string_view line);  // see kMaxLog
void encode_free(std::string& out, std::uint32_t stream);
void encode_drain(std::string& out);
void encode_retire(std::string& out);
// Its descriptor is the memory where the worker's application counts (app_metrics.hpp).
void encode_metrics(std::string& out);
// Its descriptor is where the worker's log goes from now on.
void encode_error_log(std::string& out);

Result<Hello> decode_hello(std::string_view payload);
// `into` is reused from request to request: its fields keep their capacity.
// After an error what is in `into` means nothing.
Result<void> decode_request(const Frame& frame, Request& into);
Result<void> decode_answer_head(std::string_view payload, AnswerHead& into);
Result<File> decode_file(std::string_view payload);
Result<End> decode_end(std::string_view payload);
Result<ExtendDeadline> decode_extend_deadline(std::string_view payload);
Result<Cost> decode_cost(std::string_view payload);

}  // namespace bundle::wire
