#include "shared/wire/messages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <concepts>
#include <type_traits>

#include "shared/base/check.hpp"
#include "shared/wire/codec.hpp"

namespace bundle::wire {

namespace {

constexpr std::uint32_t kConnection = 0;  // the stream of frames that belong to no request

// Named as the type that it stands for; clang-tidy 16 takes a concept for a variable.
template <typename T, typename Message>
// NOLINTNEXTLINE(readability-identifier-naming)
concept MaybeConst = std::same_as<std::remove_const_t<T>, Message>;

// The layouts: what stands in a payload, in this order. A message is const when it is written.

void layout(auto& codec, MaybeConst<Hello> auto& hello) {
    codec.number(hello.version);
    codec.text(hello.app);
    codec.number(hello.generation);
    codec.number(hello.pid);
    codec.number(hello.slot);
    codec.number(hello.capacity);
}

void layout(auto& codec, MaybeConst<Request> auto& request) {
    codec.text(request.request_id);
    codec.text(request.method);
    codec.text(request.target);
    codec.text(request.path);
    codec.text(request.query);
    codec.text(request.mount);
    codec.text(request.protocol);
    codec.text(request.scheme);
    codec.text(request.server_name);
    codec.text(request.server_port);
    codec.text(request.remote_addr);
    codec.text(request.remote_port);
    codec.moment(request.received);
    codec.moment(request.queued);
    codec.moment(request.deadline);
    codec.fields(request.fields);
    codec.fields(request.tls);
    codec.enumerated(request.body_place, BodyPlace::Descriptor);
    codec.number(request.body_length);
    // The rest of the payload is the body, when it is inline.
}

void layout(auto& codec, MaybeConst<AnswerHead> auto& head) {
    codec.number(head.status);
    codec.text(head.reason);
    codec.fields(head.fields);
    codec.enumerated(head.body, AnswerBody::WholeFile);
}

void layout(auto& codec, MaybeConst<File> auto& file) {
    codec.number(file.offset);
    codec.number(file.length);
}

void layout(auto& codec, MaybeConst<End> auto& end) {
    codec.enumerated(end.outcome, Outcome::Failed);
    codec.enumerated(end.afterwards, Afterwards::Closing);
}

void layout(auto& codec, MaybeConst<ExtendDeadline> auto& extended) {
    codec.moment(extended.deadline);
}

void layout(auto& codec, MaybeConst<Cost> auto& cost) {
    codec.number(cost.cpu);
    codec.number(cost.grown);
    codec.number(cost.shrunk);
}

// What a layout cannot say: values that contradict each other.

bool makes_sense(const Hello& hello) { return hello.capacity > 0; }

bool makes_sense(const Request& request) {
    if (request.body_place == BodyPlace::Inline) return request.body.size() == request.body_length;
    if (!request.body.empty()) return false;
    return request.body_length == 0 || request.body_place == BodyPlace::Descriptor;
}

bool makes_sense(const AnswerHead& head) { return head.status >= 100 && head.status <= 999; }

bool makes_sense(const File& file) {  // the end of the piece is an off_t too
    return file.length <= INT64_MAX && file.offset <= INT64_MAX - file.length;
}

bool makes_sense(const End& /*end*/) { return true; }
bool makes_sense(const ExtendDeadline& /*extended*/) { return true; }
// What is more is no number that a log could show.
bool makes_sense(const Cost& cost) {
    constexpr std::uint64_t kMost = INT64_MAX;
    return cost.cpu <= kMost && cost.grown <= kMost && cost.shrunk <= kMost;
}

// The frame of `message`, followed by `tail`, which counts as the end of its payload. The tail is
// appended and not laid out: it may be large, and a string grown for it would be zeroed first.
template <typename Message>
Result<void> append_frame(std::string& out, FrameHeader header, const Message& message,
                          std::string_view tail = {}) {
    if (!makes_sense(message)) {
        return failure(fmt::format("a frame of type {} whose values contradict each other",
                                   static_cast<unsigned>(header.type)));
    }
    Measure measure;
    layout(measure, message);
    const std::size_t length = measure.size() + tail.size();
    if (length > kMaxPayload) {
        return failure(fmt::format("a frame of type {} would hold {} bytes; the most is {}",
                                   static_cast<unsigned>(header.type), length, kMaxPayload));
    }
    header.length = static_cast<std::uint32_t>(length);

    out.reserve(out.size() + kHeaderSize + length);
    append_header(out, header);
    const std::size_t start = out.size();
    out.resize(start + measure.size());
    Writer writer(out.data() + start);
    layout(writer, message);
    BUNDLE_CHECK(writer.end() == out.data() + out.size());
    out.append(tail);
    return {};
}

template <typename Message>
Result<void> read(std::string_view payload, Message& into, std::string_view what) {
    Reader reader(payload);
    layout(reader, into);
    if (!reader.finished() || !makes_sense(into))
        return failure(fmt::format("{} of {} bytes is malformed", what, payload.size()));
    return {};
}

void append_empty_frame(std::string& out, FrameType type, std::uint32_t stream) {
    append_header(out, {.length = 0, .type = type, .flags = 0, .stream = stream});
}

constexpr auto kHasDescriptor = static_cast<std::uint16_t>(FrameFlag::HasDescriptor);

}  // namespace

Result<void> encode(std::string& out, const Hello& hello) {
    return append_frame(
        out,
        {.length = 0, .type = FrameType::Hello, .flags = kHasDescriptor, .stream = kConnection},
        hello);
}

Result<void> encode(std::string& out, const Request& request) {
    const bool by_descriptor = request.body_place == BodyPlace::Descriptor;
    return append_frame(out,
                        {.length = 0,
                         .type = FrameType::Request,
                         .flags = by_descriptor ? kHasDescriptor : std::uint16_t{0},
                         .stream = request.stream},
                        request, request.body);
}

Result<void> encode(std::string& out, std::uint32_t stream, const AnswerHead& head) {
    return append_frame(
        out, {.length = 0, .type = FrameType::AnswerHead, .flags = 0, .stream = stream}, head);
}

void encode(std::string& out, std::uint32_t stream, const File& file) {
    const auto appended = append_frame(
        out, {.length = 0, .type = FrameType::File, .flags = kHasDescriptor, .stream = stream},
        file);
    BUNDLE_CHECK(appended);
}

void encode(std::string& out, std::uint32_t stream, const End& end) {
    const auto appended =
        append_frame(out, {.length = 0, .type = FrameType::End, .flags = 0, .stream = stream}, end);
    BUNDLE_CHECK(appended);
}

void encode(std::string& out, std::uint32_t stream, const ExtendDeadline& extended) {
    const auto appended = append_frame(
        out, {.length = 0, .type = FrameType::ExtendDeadline, .flags = 0, .stream = stream},
        extended);
    BUNDLE_CHECK(appended);
}

void encode(std::string& out, std::uint32_t stream, const Cost& cost) {
    const auto appended = append_frame(
        out, {.length = 0, .type = FrameType::Cost, .flags = 0, .stream = stream}, cost);
    BUNDLE_CHECK(appended);
}

void encode_data(std::string& out, std::uint32_t stream, std::string_view data) {
    while (!data.empty()) {
        const std::string_view piece = data.substr(0, kMaxData);
        out.reserve(out.size() + kHeaderSize + piece.size());
        encode_data_header(out, stream, piece.size());
        out.append(piece);
        data.remove_prefix(piece.size());
    }
}

void encode_data_header(std::string& out, std::uint32_t stream, std::size_t length) {
    BUNDLE_CHECK(length <= kMaxData);
    append_header(out, {.length = static_cast<std::uint32_t>(length),
                        .type = FrameType::Data,
                        .flags = 0,
                        .stream = stream});
}

void encode_log(std::string& out, std::uint32_t stream, std::string_view line) {
    line.remove_prefix(line.size() - std::min(line.size(), kMaxLog));
    append_header(out, {.length = static_cast<std::uint32_t>(line.size()),
                        .type = FrameType::Log,
                        .flags = 0,
                        .stream = stream});
    out.append(line);
}

void encode_free(std::string& out, std::uint32_t stream) {
    append_empty_frame(out, FrameType::Free, stream);
}
void encode_drain(std::string& out) { append_empty_frame(out, FrameType::Drain, kConnection); }
void encode_retire(std::string& out) { append_empty_frame(out, FrameType::Retire, kConnection); }
namespace {

void append_descriptor_frame(std::string& out, FrameType type) {
    append_header(out, {.length = 0,
                        .type = type,
                        .flags = static_cast<std::uint16_t>(FrameFlag::HasDescriptor),
                        .stream = kConnection});
}

}  // namespace

void encode_metrics(std::string& out) { append_descriptor_frame(out, FrameType::Metrics); }

void encode_error_log(std::string& out) { append_descriptor_frame(out, FrameType::ErrorLog); }

Result<Hello> decode_hello(std::string_view payload) {
    Hello hello;
    // The version comes first: what follows may look different in another one.
    Reader(payload).number(hello.version);
    if (payload.size() >= sizeof hello.version && hello.version != kVersion) {
        return failure(
            fmt::format("the worker speaks version {} of the wire and we speak {}; "
                        "both must come from the same installation of bundle",
                        hello.version, kVersion));
    }
    TRY(read(payload, hello, "a hello"));
    return hello;
}

Result<void> decode_request(const Frame& frame, Request& into) {
    into.stream = frame.header.stream;
    Reader reader(frame.payload);
    layout(reader, into);
    into.body = reader.rest();
    const bool by_descriptor = into.body_place == BodyPlace::Descriptor;
    if (!reader.good() || !makes_sense(into) || by_descriptor != frame.header.has_descriptor())
        return failure(fmt::format("a request of {} bytes is malformed", frame.payload.size()));
    return {};
}

Result<void> decode_answer_head(std::string_view payload, AnswerHead& into) {
    return read(payload, into, "an answer head");
}

Result<File> decode_file(std::string_view payload) {
    File file;
    TRY(read(payload, file, "a piece of a file"));
    return file;
}

Result<End> decode_end(std::string_view payload) {
    End end;
    TRY(read(payload, end, "the end of an answer"));
    return end;
}

Result<ExtendDeadline> decode_extend_deadline(std::string_view payload) {
    ExtendDeadline extended;
    TRY(read(payload, extended, "an extended deadline"));
    return extended;
}

Result<Cost> decode_cost(std::string_view payload) {
    Cost cost;
    TRY(read(payload, cost, "the cost of a request"));
    return cost;
}

}  // namespace bundle::wire
