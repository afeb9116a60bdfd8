#include "tests/support/wire_message.hpp"

#include "shared/base/check.hpp"

namespace bundle::wire {

Result<AnyMessage> decode_any(const Frame& frame) {
    switch (frame.header.type) {
        case FrameType::Hello:
            return decode_hello(frame.payload);
        case FrameType::Request: {
            Request request;
            TRY(decode_request(frame, request));
            return request;
        }
        case FrameType::AnswerHead: {
            AnswerHead head;
            TRY(decode_answer_head(frame.payload, head));
            return head;
        }
        case FrameType::Data:
            return Data{frame.payload};
        case FrameType::File:
            return decode_file(frame.payload);
        case FrameType::End:
            return decode_end(frame.payload);
        case FrameType::Log:
            return Log{frame.payload};
        case FrameType::Drain:
            return Drain{};
        case FrameType::Retire:
            return Retire{};
        case FrameType::ExtendDeadline:
            return decode_extend_deadline(frame.payload);
        case FrameType::Cost:
            return decode_cost(frame.payload);
        case FrameType::Free:
            return Free{};
        case FrameType::ErrorLog:
            return ErrorLog{};
        case FrameType::Metrics:
            return Metrics{};
    }
    return Unknown{frame.header, frame.payload};
}

namespace {

struct Encoder {
    std::uint32_t stream;
    std::string out = {};

    void operator()(const Hello& hello) { BUNDLE_CHECK(encode(out, hello)); }
    void operator()(const Request& request) { BUNDLE_CHECK(encode(out, request)); }
    void operator()(const AnswerHead& head) { BUNDLE_CHECK(encode(out, stream, head)); }
    void operator()(const File& file) { encode(out, stream, file); }
    void operator()(const End& end) { encode(out, stream, end); }
    void operator()(const ExtendDeadline& extended) { encode(out, stream, extended); }
    void operator()(const Cost& cost) { encode(out, stream, cost); }
    void operator()(const Data& data) {
        // No data is no frame; but a frame without data may come.
        if (data.bytes.empty()) encode_data_header(out, stream, 0);
        encode_data(out, stream, data.bytes);
    }
    void operator()(const Log& log) { encode_log(out, stream, log.line); }
    void operator()(const Drain& /*message*/) { encode_drain(out); }
    void operator()(const Retire& /*message*/) { encode_retire(out); }
    void operator()(const Free& /*message*/) { encode_free(out, stream); }
    void operator()(const ErrorLog& /*message*/) { encode_error_log(out); }
    void operator()(const Metrics& /*message*/) { encode_metrics(out); }
    void operator()(const Unknown& unknown) {
        append_header(out, unknown.header);
        out.append(unknown.payload);
    }
};

}  // namespace

std::string encode_any(const Spoken& spoken) {
    Encoder encoder{spoken.stream};
    std::visit(encoder, spoken.message);
    return std::move(encoder.out);
}

}  // namespace bundle::wire
