// What nghttp2 calls a Session with. Its types stay in these files.
#pragma once
#include <nghttp2/nghttp2.h>

#include "frontend/http2/session.hpp"

namespace bundle::http2 {

struct Session::Callbacks {
    // One for all sessions.
    static const nghttp2_session_callbacks* table();
    // The source of every body.
    static ssize_t body_ready(nghttp2_session* session, StreamId id, std::uint8_t* into,
                              std::size_t most, std::uint32_t* flags, nghttp2_data_source* source,
                              void* self);

    // Reading.
    static int frame_begins(nghttp2_session* session, const nghttp2_frame_hd* frame, void* self);
    static int head_begins(nghttp2_session* session, const nghttp2_frame* frame, void* self);
    static int field(nghttp2_session* session, const nghttp2_frame* frame, nghttp2_rcbuf* name,
                     nghttp2_rcbuf* value, std::uint8_t flags, void* self);
    static int data(nghttp2_session* session, std::uint8_t flags, StreamId id,
                    const std::uint8_t* bytes, std::size_t size, void* self);
    static int frame_read(nghttp2_session* session, const nghttp2_frame* frame, void* self);
    static int frame_refused(nghttp2_session* session, const nghttp2_frame* frame, int error,
                             void* self);
    static int stream_closed(nghttp2_session* session, StreamId id, std::uint32_t error,
                             void* self);
    static void note_fault(Session& us, const nghttp2_goaway& goaway);

    // Writing.
    static ssize_t send(nghttp2_session* session, const std::uint8_t* bytes, std::size_t size,
                        int flags, void* self);
    static int send_data(nghttp2_session* session, nghttp2_frame* frame,
                         const std::uint8_t* frame_head, std::size_t size,
                         nghttp2_data_source* source, void* self);
    static int frame_written(nghttp2_session* session, const nghttp2_frame* frame, void* self);
    static int frame_not_written(nghttp2_session* session, const nghttp2_frame* frame, int error,
                                 void* self);

    static Session& of(void* self) { return *static_cast<Session*>(self); }
};

}  // namespace bundle::http2
