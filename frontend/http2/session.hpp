// One connection's HTTP/2 (RFC 9113), by nghttp2: frames in, requests and pieces of bodies out, and
// answers the other way. No sockets in here.
//
// nghttp2 knows frames, HPACK, flow control and the order of streams (RFC 9218). Here stand what we
// want of it, and the limits that it leaves to us. It calls us back while it reads and writes; so
// nobody who is told something then may read or write in turn, but everybody may submit.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "frontend/http1/request_parser.hpp"
#include "frontend/http2/flood_guard.hpp"
#include "frontend/http2/frame_walk.hpp"
#include "frontend/http2/head_reader.hpp"
#include "frontend/http2/session_memory.hpp"
#include "frontend/request/request_head.hpp"
#include "shared/config/config.hpp"

struct nghttp2_session;

namespace bundle::http2 {

using StreamId = std::int32_t;

enum class Stop : std::uint8_t {
    NoError,
    ProtocolError,
    InternalError,
    SettingsTimeout,
    Cancel,
    EnhanceYourCalm
};

// One request and its answer, as the session sees them.
class StreamEvents {
  public:
    // Where the head is put, and what limits it.
    [[nodiscard]] virtual RequestHead& head() = 0;
    [[nodiscard]] virtual const http1::HeadLimits& head_limits() const = 0;

    virtual void on_head(bool body_follows) = 0;
    virtual void on_head_refused(const Refusal& refusal) = 0;
    // False: nobody wants it, nor any more.
    virtual bool on_body(std::string_view bytes) = 0;
    virtual void on_body_end() = 0;
    // The client broke a rule on it, such as a body of another size than its Content-Length.
    virtual void on_fault() = 0;
    // A head that was submitted is too large to be sent.
    virtual void on_head_too_large() = 0;
    // Nothing is told afterwards.
    virtual void on_stream_closed() = 0;

    // Of the answer's body: how much is there, and whether that is all.
    struct Ready {
        std::uint64_t bytes = 0;
        bool is_last = false;
    };
    [[nodiscard]] virtual Ready body_ready() const = 0;
    // Fills all of `into`. False: it cannot be read.
    virtual bool copy_body(std::span<char> into) = 0;
    // The answer is written to its end. `request_ended`: the client has sent all of its request.
    virtual void on_answer_written(bool request_ended) = 0;

  protected:
    ~StreamEvents() = default;
};

class SessionEvents {
  public:
    // A request begins. What is returned lives until on_stream_closed(), or as long as the session.
    virtual StreamEvents& on_stream(StreamId id) = 0;
    virtual void on_head_complete() = 0;  // whatever became of it
    // What announce_end() asked has been answered: whatever was on its way has come.
    virtual void on_end_heard() = 0;

  protected:
    ~SessionEvents() = default;
};

class Session {
  public:
    using TimePoint = std::chrono::steady_clock::time_point;
    // As much is gathered for one write to the socket.
    static constexpr std::size_t kMostAtOnce = 64U << 10;

    // `pages` and `events` outlive it.
    Session(const Http2Config& config, const http1::HeadLimits& heads, SessionPages& pages,
            SessionEvents& events);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session();

    // Takes all of `bytes`.
    void read(std::string_view bytes, TimePoint now);
    // Appends frames to `out`, kMostAtOnce at most.
    void write(std::string& out);
    [[nodiscard]] bool wants_to_write() const;
    // So much waits to be written that no more should be read.
    [[nodiscard]] bool queue_is_long() const { return queue_size() > most_queued_ / 2; }
    // Nothing more is to be read or written: the connection may close.
    [[nodiscard]] bool is_over() const;
    // Nothing is open, and nothing may come for a while: it takes little memory until it does.
    void sleep();
    // Why it came to an end: a limit, or how the client broke the rules ("": it did not).
    [[nodiscard]] Limit limit_met() const { return met_; }
    [[nodiscard]] std::string_view fault() const { return fault_; }

    enum class Then : std::uint8_t { Final, BodyFollows, Interim };
    // `packed` as head_writer.hpp packs it.
    void submit_head(StreamId id, std::string_view packed, Then then);
    // There is more of the body, or it has ended.
    void resume_body(StreamId id);
    void reset(StreamId id, Stop why);
    // The client takes no more of this stream, or of all together.
    [[nodiscard]] bool window_is_shut(StreamId id) const;
    [[nodiscard]] bool window_is_shut() const;
    // Bytes of the bodies of all requests, and of all answers.
    [[nodiscard]] std::uint64_t bodies_read() const { return bodies_read_; }
    [[nodiscard]] std::uint64_t bodies_written() const { return bodies_written_; }

    // The client has seen our SETTINGS and keeps to them.
    [[nodiscard]] bool settings_acknowledged() const { return settings_acknowledged_; }

    // GOAWAY in two steps (RFC 9113 section 6.8): first that no new stream should begin, then which
    // was the last one.
    void announce_end();
    void end_after_last();
    // At once; its streams are nobody's any more.
    void end(Stop why);

  private:
    struct Callbacks;

    [[nodiscard]] nghttp2_session* raw() const;
    void meet(Limit limit);
    void count_control();
    void count_data(std::size_t size);
    void count_passed_over();
    [[nodiscard]] std::size_t queue_size() const;
    [[nodiscard]] StreamEvents* stream(StreamId id) const;
    void share_with_others(StreamId id);

    SessionEvents& events_;
    FloodGuard guard_;
    std::uint32_t max_continuations_;
    std::uint64_t max_head_size_;
    std::size_t most_queued_;
    HeadReader reader_;
    mutable SessionMemory memory_;  // whether it sleeps shows nowhere
    struct Free {
        void operator()(nghttp2_session* session) const noexcept;
    };
    std::unique_ptr<nghttp2_session, Free> session_;
    FrameWalk walk_;
    std::uint64_t short_frames_ = 0;  // that we were told of
    std::uint64_t passed_over_ = 0;   // counted already
    bool settings_acknowledged_ = false;
    StreamId newest_ = 0;              // that HEADERS came for
    std::uint32_t continuations_ = 0;  // since the last HEADERS
    std::uint64_t trailers_size_ = 0;  // the ones that are read
    bool head_has_priority_ = false;   // the one that is read
    bool has_priorities_ = false;      // the client speaks of them in frames
    std::uint64_t bodies_read_ = 0;
    std::uint64_t bodies_written_ = 0;
    std::string* out_ = nullptr;  // during write()
    Limit met_ = Limit::None;
    bool failed_ = false;   // nghttp2 cannot go on
    bool flooded_ = false;  // it reads nothing more
    std::string fault_;
};

}  // namespace bundle::http2
