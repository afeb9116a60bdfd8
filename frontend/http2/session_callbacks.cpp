#include "frontend/http2/session_callbacks.hpp"

#include <algorithm>
#include <cstring>
#include <memory>

#include "shared/base/check.hpp"

namespace bundle::http2 {

namespace {

struct FreeCallbacks {
    void operator()(nghttp2_session_callbacks* callbacks) const noexcept {
        nghttp2_session_callbacks_del(callbacks);
    }
};

constexpr std::size_t kFrameHead = 9;

bool ends_stream(const nghttp2_frame* frame) {
    return (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
}

bool begins_request(const nghttp2_frame* frame) {
    return frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST;
}

std::string_view text_of(nghttp2_rcbuf* buffer) {
    const nghttp2_vec bytes = nghttp2_rcbuf_get_buf(buffer);
    return {reinterpret_cast<const char*>(bytes.base), bytes.len};
}

// Streams that nghttp2 resets because of what the client did on them; ours have other codes. Those
// that it refuses are counted when they come.
bool is_for_a_fault(std::uint32_t error) {
    return error != NGHTTP2_NO_ERROR && error != NGHTTP2_INTERNAL_ERROR &&
           error != NGHTTP2_CANCEL && error != NGHTTP2_REFUSED_STREAM;
}

}  // namespace

const nghttp2_session_callbacks* Session::Callbacks::table() {
    static const auto callbacks = [] {
        nghttp2_session_callbacks* made = nullptr;
        BUNDLE_CHECK(nghttp2_session_callbacks_new(&made) == 0);
        nghttp2_session_callbacks_set_on_begin_frame_callback(made, frame_begins);
        nghttp2_session_callbacks_set_on_begin_headers_callback(made, head_begins);
        nghttp2_session_callbacks_set_on_header_callback2(made, field);
        // What HTTP/1 refuses is not passed over in silence either: the stream is reset.
        nghttp2_session_callbacks_set_on_invalid_header_callback2(
            made,
            [](nghttp2_session*, const nghttp2_frame*, nghttp2_rcbuf*, nghttp2_rcbuf*, std::uint8_t,
               void*) -> int { return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE; });
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, data);
        nghttp2_session_callbacks_set_on_frame_recv_callback(made, frame_read);
        nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(made, frame_refused);
        nghttp2_session_callbacks_set_on_stream_close_callback(made, stream_closed);
        nghttp2_session_callbacks_set_send_callback(made, send);
        nghttp2_session_callbacks_set_send_data_callback(made, send_data);
        nghttp2_session_callbacks_set_on_frame_send_callback(made, frame_written);
        nghttp2_session_callbacks_set_on_frame_not_send_callback(made, frame_not_written);
        return std::unique_ptr<nghttp2_session_callbacks, FreeCallbacks>(made);
    }();
    return callbacks.get();
}

// ---- reading ----

int Session::Callbacks::frame_begins(nghttp2_session* /*session*/, const nghttp2_frame_hd* frame,
                                     void* self) {
    Session& us = of(self);
    if (frame->length < FrameWalk::kShort) ++us.short_frames_;
    switch (frame->type) {
        case NGHTTP2_DATA:  // counted when it is known what it holds
            return 0;
        case NGHTTP2_HEADERS:
            us.continuations_ = 0;
            us.trailers_size_ = 0;
            if (frame->stream_id <= us.newest_ && us.stream(frame->stream_id) == nullptr)
                us.count_control();
            us.newest_ = std::max(us.newest_, frame->stream_id);
            return 0;
        case NGHTTP2_CONTINUATION:
            if (++us.continuations_ > us.max_continuations_) us.meet(Limit::Http2Continuations);
            return 0;
        case NGHTTP2_RST_STREAM:
            if (!us.guard_.reset()) us.meet(Limit::Http2Resets);
            return 0;
        default:
            if (frame->type == NGHTTP2_PRIORITY_UPDATE) us.has_priorities_ = true;
            // nghttp2 does not look into priorities of the old kind (RFC 9113 section 6.3).
            if (frame->type == NGHTTP2_PRIORITY && frame->stream_id == 0)
                us.end(Stop::ProtocolError);
            us.count_control();
            return 0;
    }
}

int Session::Callbacks::head_begins(nghttp2_session* session, const nghttp2_frame* frame,
                                    void* self) {
    if (!begins_request(frame)) return 0;
    Session& us = of(self);
    if (us.met_ != Limit::None) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    us.guard_.head_moved();
    StreamEvents& begun = us.events_.on_stream(frame->hd.stream_id);
    nghttp2_session_set_stream_user_data(session, frame->hd.stream_id, &begun);
    us.reader_.begin(begun.head(), begun.head_limits());
    us.head_has_priority_ = false;
    return 0;
}

// Of trailers nothing is kept: nobody asked for them, and nghttp2 has checked them. They cost the
// same work, though.
int Session::Callbacks::field(nghttp2_session* /*session*/, const nghttp2_frame* frame,
                              nghttp2_rcbuf* name, nghttp2_rcbuf* value, std::uint8_t /*flags*/,
                              void* self) {
    Session& us = of(self);
    if (!begins_request(frame)) {
        us.trailers_size_ += HeadReader::counted(text_of(name), text_of(value));
        if (us.trailers_size_ <= us.max_head_size_) return 0;
        us.meet(Limit::HeadSize);
        return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    }
    if (text_of(name) == "priority") us.head_has_priority_ = true;
    if (us.met_ == Limit::None && us.reader_.add(text_of(name), text_of(value))) return 0;
    us.meet(Limit::HeadSize);
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
}

int Session::Callbacks::data(nghttp2_session* session, std::uint8_t /*flags*/, StreamId id,
                             const std::uint8_t* bytes, std::size_t size, void* self) {
    StreamEvents* const stream = of(self).stream(id);
    const std::string_view piece(reinterpret_cast<const char*>(bytes), size);
    // What one stream does not take must not stop the others.
    nghttp2_session_consume_connection(session, size);
    if (stream == nullptr || !stream->on_body(piece)) return 0;
    of(self).bodies_read_ += size;
    nghttp2_session_consume_stream(session, id, size);
    return 0;
}

int Session::Callbacks::frame_read(nghttp2_session* /*session*/, const nghttp2_frame* frame,
                                   void* self) {
    Session& us = of(self);
    StreamEvents* const stream = frame->hd.stream_id > 0 ? us.stream(frame->hd.stream_id) : nullptr;
    if (frame->hd.type == NGHTTP2_PING && (frame->hd.flags & NGHTTP2_FLAG_ACK) != 0)
        us.events_.on_end_heard();
    if (frame->hd.type == NGHTTP2_SETTINGS && (frame->hd.flags & NGHTTP2_FLAG_ACK) != 0)
        us.settings_acknowledged_ = true;
    if (stream == nullptr || us.met_ != Limit::None) return 0;
    if (begins_request(frame)) {
        const auto refusal = us.reader_.finish(!ends_stream(frame));
        us.events_.on_head_complete();
        if (!us.head_has_priority_ && !us.has_priorities_)
            us.share_with_others(frame->hd.stream_id);
        if (refusal)
            stream->on_head_refused(*refusal);
        else
            stream->on_head(!ends_stream(frame));
        return 0;
    }
    const bool has_end = frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS;
    if (has_end && ends_stream(frame)) {
        stream->on_body_end();
    } else if (frame->hd.type == NGHTTP2_DATA) {
        us.count_data(frame->hd.length - frame->data.padlen);
    }
    return 0;
}

// A stream beyond what may be open holds no place, and only its RST_STREAM waits: a client that
// reads nothing could begin them without end.
int Session::Callbacks::frame_refused(nghttp2_session* /*session*/, const nghttp2_frame* /*frame*/,
                                      int error, void* self) {
    Session& us = of(self);
    if (error == NGHTTP2_ERR_REFUSED_STREAM && !us.guard_.reset()) us.meet(Limit::Http2Resets);
    return 0;
}

int Session::Callbacks::stream_closed(nghttp2_session* /*session*/, StreamId id,
                                      std::uint32_t /*error*/, void* self) {
    if (StreamEvents* const stream = of(self).stream(id)) stream->on_stream_closed();
    return 0;
}

// ---- writing ----

ssize_t Session::Callbacks::send(nghttp2_session* /*session*/, const std::uint8_t* bytes,
                                 std::size_t size, int /*flags*/, void* self) {
    std::string& out = *of(self).out_;
    if (!out.empty() && out.size() + size > kMostAtOnce) return NGHTTP2_ERR_WOULDBLOCK;
    out.append(reinterpret_cast<const char*>(bytes), size);
    return static_cast<ssize_t>(size);
}

ssize_t Session::Callbacks::body_ready(nghttp2_session* /*session*/, StreamId id,
                                       std::uint8_t* /*into*/, std::size_t most,
                                       std::uint32_t* flags, nghttp2_data_source* /*source*/,
                                       void* self) {
    const StreamEvents* const stream = of(self).stream(id);
    if (stream == nullptr) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    const StreamEvents::Ready ready = stream->body_ready();
    if (ready.bytes == 0 && !ready.is_last) return NGHTTP2_ERR_DEFERRED;
    *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
    if (ready.is_last && ready.bytes <= most) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(std::min<std::uint64_t>(ready.bytes, most));
}

int Session::Callbacks::send_data(nghttp2_session* /*session*/, nghttp2_frame* frame,
                                  const std::uint8_t* frame_head, std::size_t size,
                                  nghttp2_data_source* /*source*/, void* self) {
    Session& us = of(self);
    std::string& out = *us.out_;
    if (!out.empty() && out.size() + kFrameHead + size > kMostAtOnce) return NGHTTP2_ERR_WOULDBLOCK;
    const std::size_t before = out.size();
    out.resize(before + kFrameHead + size);
    std::memcpy(out.data() + before, frame_head, kFrameHead);
    StreamEvents* const stream = us.stream(frame->hd.stream_id);
    if (stream != nullptr && stream->copy_body(std::span(out).subspan(before + kFrameHead)))
        return 0;
    out.resize(before);
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
}

// What nghttp2 ends a session for stands in its GOAWAY.
void Session::Callbacks::note_fault(Session& us, const nghttp2_goaway& goaway) {
    if (goaway.opaque_data_len > 0)
        us.fault_.assign(reinterpret_cast<const char*>(goaway.opaque_data), goaway.opaque_data_len);
    if (us.fault_.find("max concurrent streams") != std::string::npos)
        us.met_ = Limit::Http2Streams;
}

int Session::Callbacks::frame_written(nghttp2_session* session, const nghttp2_frame* frame,
                                      void* self) {
    Session& us = of(self);
    StreamEvents* const stream = us.stream(frame->hd.stream_id);
    if (frame->hd.type == NGHTTP2_RST_STREAM && is_for_a_fault(frame->rst_stream.error_code)) {
        if (!us.guard_.reset()) us.meet(Limit::Http2Resets);
        if (stream != nullptr) stream->on_fault();
    }
    if (frame->hd.type == NGHTTP2_GOAWAY && us.met_ == Limit::None) note_fault(us, frame->goaway);
    if (frame->hd.type != NGHTTP2_DATA && frame->hd.type != NGHTTP2_HEADERS) return 0;
    if (frame->hd.type == NGHTTP2_DATA) {
        us.guard_.body_moved(frame->hd.length);
        us.bodies_written_ += frame->hd.length;
    } else {
        us.guard_.head_moved();
    }
    if (stream != nullptr && ends_stream(frame))
        stream->on_answer_written(
            nghttp2_session_get_stream_remote_close(session, frame->hd.stream_id) == 1);
    return 0;
}

int Session::Callbacks::frame_not_written(nghttp2_session* /*session*/, const nghttp2_frame* frame,
                                          int error, void* self) {
    if (frame->hd.type != NGHTTP2_HEADERS) return 0;
    Session& us = of(self);
    StreamEvents* const stream = us.stream(frame->hd.stream_id);
    if (stream == nullptr) return 0;
    if (error == NGHTTP2_ERR_FRAME_SIZE_ERROR) stream->on_head_too_large();
    us.reset(frame->hd.stream_id, Stop::InternalError);
    return 0;
}

}  // namespace bundle::http2
