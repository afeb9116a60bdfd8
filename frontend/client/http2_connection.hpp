// What a client's connection does once HTTP/2 is spoken over it: many requests at a time, each a
// stream with an exchange of its own, through one socket.
#pragma once
#include <memory>
#include <vector>

#include "frontend/client/client_stream.hpp"
#include "frontend/client/http2_stream.hpp"
#include "frontend/client/pace.hpp"
#include "frontend/client/send_list.hpp"

namespace bundle {

class Http2ConnectionOwner {
  public:
    // Nothing more is said by either side; what was sent last may still be on its way.
    virtual void http2_ended() = 0;
    // The client is gone, or is given up.
    virtual void http2_broken() = 0;

  protected:
    ~Http2ConnectionOwner() = default;
};

class Http2Connection final : public SendsSoon,
                              private http2::SessionEvents,
                              private Http2StreamOwner {
  public:
    using TimePoint = std::chrono::steady_clock::time_point;

    // All of them outlive it.
    Http2Connection(ClientContext& context, const ClientSide& client, ClientStream& socket,
                    Http2ConnectionOwner& owner);
    Http2Connection(const Http2Connection&) = delete;
    Http2Connection& operator=(const Http2Connection&) = delete;
    ~Http2Connection();

    // Sends what there is to be sent first.
    void begin();
    void read(std::string_view bytes);
    void on_writable();
    void check_time(TimePoint now, milliseconds since_last);
    // No request may begin any more, those that have are answered.
    void go_away();
    // The client sends nothing more, but may still read: what workers have is answered. False: they
    // have nothing.
    bool client_ended();
    // All streams end here; nothing is sent or told afterwards.
    void end_streams();
    std::uint32_t cut_off();
    void add_requests(std::vector<const Responder*>& to) const {
        for (const auto& stream : open_)
            if (stream->has_request()) to.push_back(stream.get());
    }

    [[nodiscard]] bool is_idle() const { return open_.empty(); }
    [[nodiscard]] TimePoint idle_since() const { return idle_since_; }

  private:
    // From the session.
    http2::StreamEvents& on_stream(http2::StreamId id) override;
    void on_head_complete() override {
        reads_head_ = nullptr;
        head_deadline_ = TimePoint();
    }
    void on_end_heard() override;

    // From a stream.
    [[nodiscard]] http2::Session& session() override { return session_; }
    void send_soon() override;
    void stream_closed(Http2Stream& stream) override;

    void send_now() override;
    void send();
    bool send_some();
    void read_on();
    void tell_met(Limit limit);
    void tell_end();
    [[nodiscard]] bool gives_up_sending(TimePoint now, milliseconds since_last);
    [[nodiscard]] Http2Stream::Bodies watch_bodies(milliseconds since_last);
    [[nodiscard]] bool window_opens(TimePoint now, milliseconds since_last);

    enum class Leaving : std::uint8_t { Not, Announced, Said };

    ClientContext& context_;
    const ClientSide& client_;
    ClientStream& socket_;
    Http2ConnectionOwner& owner_;
    std::uint32_t generation_;  // with which it began; its snapshot is let go
    http2::Session session_;
    std::vector<std::unique_ptr<Http2Stream>> open_;
    std::vector<std::unique_ptr<Http2Stream>> unused_;  // a worker's link may still look at them
    std::uint32_t requests_ = 0;
    TimePoint settings_deadline_;  // of the client, to acknowledge ours
    TimePoint idle_since_;
    const Http2Stream* reads_head_ = nullptr;  // no other frame comes within a head
    TimePoint head_deadline_;                  // of that head
    Leaving leaving_ = Leaving::Not;
    TimePoint leave_at_;  // then the last step is taken, heard or not
    bool sends_soon_ = false;
    bool reads_ = false;   // the session, now
    bool pauses_ = false;  // until the socket takes what waits
    bool over_ = false;    // the owner knows
    Pace send_pace_;       // of the socket
    std::uint64_t taken_ = 0;
    TimePoint taken_at_;  // so much was
    // Bytes of bodies, when we last looked.
    std::uint64_t bodies_read_ = 0;
    Pace window_pace_;  // of what the connection's window lets through
    std::uint64_t bodies_written_ = 0;
    TimePoint bodies_written_at_;
};

}  // namespace bundle
