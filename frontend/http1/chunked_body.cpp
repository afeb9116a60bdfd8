#include "frontend/http1/chunked_body.hpp"

#include <algorithm>

#include "shared/base/check.hpp"

namespace bundle::http1 {

namespace {

// A chunk's size with its extensions, which mean nothing to us. llhttp would read them for ever.
constexpr std::size_t kMaxFramingBytes = 4096;
constexpr std::uint64_t kMaxChunkSize = (std::uint64_t{1} << 60) - 1;  // 15 digits

constexpr LineLimits kTrailerLimits{
    .first_line = {}, .field_line = 8_KiB, .section = 8_KiB, .field_lines = 100};
constexpr std::size_t kTrailerStep = 1024;

// llhttp decodes a body only after a head. The client's own was checked already and may have said
// things that llhttp would act upon (Connection, Upgrade).
constexpr std::string_view kHead = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";

}  // namespace

struct ChunkedBody::Callbacks {
    static ChunkedBody& body_of(llhttp_t* parser) {
        return *static_cast<ChunkedBody*>(parser->data);
    }

    static int on_piece(llhttp_t* parser, const char* at, std::size_t size) {
        auto& body = body_of(parser);
        if (!body.count_framing(at)) return HPE_USER;
        body.pieces_->emplace_back(at, size);
        body.counted_ = at + size;
        body.framing_bytes_ = 0;
        return 0;
    }

    // Pauses before the trailer section, whose lines are to be checked before llhttp sees them.
    static int on_chunk_header(llhttp_t* parser) {
        if (parser->content_length > kMaxChunkSize) return -1;
        return parser->content_length == 0 ? HPE_PAUSED : 0;
    }

    static int pause(llhttp_t*) { return HPE_PAUSED; }

    static const llhttp_settings_t* settings() {
        static const llhttp_settings_t kSettings = [] {
            llhttp_settings_t settings;
            llhttp_settings_init(&settings);
            settings.on_headers_complete = pause;
            settings.on_body = on_piece;
            settings.on_chunk_header = on_chunk_header;
            settings.on_message_complete = pause;
            return settings;
        }();
        return &kSettings;
    }
};

void ChunkedBody::start() {
    llhttp_init(&llhttp_, HTTP_REQUEST, Callbacks::settings());
    llhttp_.data = this;
    BUNDLE_CHECK(llhttp_execute(&llhttp_, kHead.data(), kHead.size()) == HPE_PAUSED);
    llhttp_resume(&llhttp_);
    part_ = Part::Chunks;
    framing_bytes_ = 0;
    trailers_.clear();
    trailer_scan_ = LineScan(LineScan::FirstLine::IsField);
}

ChunkedBody::Outcome ChunkedBody::read(std::string_view& bytes,
                                       std::vector<std::string_view>& pieces) {
    if (part_ == Part::Chunks) {
        const auto outcome = read_chunks(bytes, pieces);
        if (part_ == Part::Chunks) return outcome;
    }
    return read_trailers(bytes);
}

ChunkedBody::Outcome ChunkedBody::read_chunks(std::string_view& bytes,
                                              std::vector<std::string_view>& pieces) {
    if (bytes.empty()) return Outcome::NeedMore;  // for llhttp no bytes are the end of the stream
    llhttp_.data = this;
    pieces_ = &pieces;
    counted_ = bytes.data();
    const auto outcome = llhttp_execute(&llhttp_, bytes.data(), bytes.size());
    if (outcome != HPE_OK && outcome != HPE_PAUSED) return refuse(400, "malformed chunk");
    const char* const end =
        outcome == HPE_PAUSED ? llhttp_get_error_pos(&llhttp_) : bytes.data() + bytes.size();
    if (!count_framing(end)) return refuse(400, "malformed chunk");
    bytes.remove_prefix(static_cast<std::size_t>(end - bytes.data()));
    if (outcome == HPE_PAUSED) {
        llhttp_resume(&llhttp_);
        part_ = Part::Trailers;
    }
    return Outcome::NeedMore;
}

bool ChunkedBody::count_framing(const char* end) {
    framing_bytes_ += static_cast<std::size_t>(end - counted_);
    counted_ = end;
    return framing_bytes_ <= kMaxFramingBytes;
}

ChunkedBody::Outcome ChunkedBody::read_trailers(std::string_view& bytes) {
    while (!bytes.empty()) {
        const auto step = std::min(bytes.size(), kTrailerStep);
        trailers_.append(bytes.substr(0, step));
        bytes.remove_prefix(step);
        switch (trailer_scan_.advance(trailers_, kTrailerLimits)) {
            case LineScan::Outcome::End: {
                // What is left over belongs to the next request.
                const auto surplus = trailers_.size() - trailer_scan_.end();
                bytes = {bytes.data() - surplus, bytes.size() + surplus};
                trailers_.resize(trailer_scan_.end());
                return finish();
            }
            case LineScan::Outcome::Refused:
                return refuse(trailer_scan_.refusal().status, trailer_scan_.refusal().reason);
            case LineScan::Outcome::RequestLine:
            case LineScan::Outcome::NeedMore:
                break;
        }
    }
    return Outcome::NeedMore;
}

ChunkedBody::Outcome ChunkedBody::finish() {
    const auto outcome = llhttp_execute(&llhttp_, trailers_.data(), trailers_.size());
    if (outcome != HPE_PAUSED ||
        llhttp_get_error_pos(&llhttp_) != trailers_.data() + trailers_.size())
        return refuse(400, "malformed trailer");
    return Outcome::Done;
}

ChunkedBody::Outcome ChunkedBody::refuse(std::uint16_t status, std::string_view reason) {
    refusal_ = {status, reason};
    return Outcome::Refused;
}

}  // namespace bundle::http1
