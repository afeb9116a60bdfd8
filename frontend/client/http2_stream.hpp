// One stream of a client's connection over HTTP/2: a request, answered as every other one, and what
// the session wants to know of both.
#pragma once
#include <cstdint>

#include "frontend/client/stream_state.hpp"
#include "frontend/exchange/responder.hpp"
#include "frontend/http2/session.hpp"

namespace bundle {

class Http2Stream;

// The connection, as its streams see it.
class Http2StreamOwner {
  public:
    [[nodiscard]] virtual http2::Session& session() = 0;
    // Something was submitted: it is to be sent at the latest when the loop's turn ends.
    virtual void send_soon() = 0;
    virtual void stream_closed(Http2Stream& stream) = 0;

  protected:
    ~Http2StreamOwner() = default;
};

class Http2Stream final : public Responder, public http2::StreamEvents {
  public:
    Http2Stream(ClientContext& context, const ClientSide& client, Http2StreamOwner& owner)
        : Responder(context, client), owner_(owner) {}

    // A request begins; the one before it is over.
    void begin(http2::StreamId id);
    // The connection ends before the stream has.
    void lose();
    // The client sends nothing more on the connection.
    void client_ended();
    // Returns how many requests that was: one without an exchange only waits for its last frames to
    // be written.
    std::uint32_t cut_off() {
        if (exchange_ == nullptr) return 0;
        cut_off_exchange();
        return 1;
    }
    // Whether the bodies of all requests of the connection, together, come fast enough for one.
    enum class Bodies : std::uint8_t { Stand, Come };
    void check_time(TimePoint now, milliseconds since_last, Bodies bodies);
    [[nodiscard]] bool has_body_to_send() const {
        return state_ == StreamState::SendAnswer && body_ready().bytes > 0;
    }
    [[nodiscard]] bool reads_body() const { return state_ == StreamState::ReadBody; }
    // For limits that the connection met.
    void tell(Limit limit) { tell_limit(limit, 0); }

    std::size_t place = 0;  // the owner's note

  private:
    // From the session.
    [[nodiscard]] RequestHead& head() override { return exchange_->head; }
    [[nodiscard]] const http1::HeadLimits& head_limits() const override;
    void on_head(bool body_follows) override;
    void on_head_refused(const Refusal& refusal) override;
    bool on_body(std::string_view bytes) override;
    void on_body_end() override;
    void on_fault() override;
    void on_head_too_large() override;
    void on_stream_closed() override;
    [[nodiscard]] Ready body_ready() const override;
    bool copy_body(std::span<char> into) override;
    void on_answer_written(bool request_ended) override;

    // From the responder.
    bool begin_sending() override { return true; }
    [[nodiscard]] bool has_sent() const override { return head_sent_; }
    [[nodiscard]] std::uint64_t answer_bytes_sent() const override { return body_sent_; }
    std::string_view send_past_buffer(std::string_view bytes) override { return bytes; }
    void send_whole() override;
    void send_told() override;
    void send_interim(const wire::AnswerHead& head) override;
    [[nodiscard]] bool is_over() const override { return exchange_ == nullptr; }
    void break_off() override { drop_answer(); }
    void drop_answer() override;
    void leave_unanswered() override;
    [[nodiscard]] std::string_view doing() const override { return rule_of(state_).doing; }

    void advance(StreamEvent event);
    void arm();
    [[nodiscard]] bool waits_for_others(TimePoint now, Bodies bodies);
    void submit_answer();
    void request_done();
    void stop(http2::Stop why);
    void log_end(std::uint16_t unanswered = kClientLeft);

    Http2StreamOwner& owner_;
    http2::StreamId id_ = 0;
    StreamState state_ = StreamState::Closed;
    TimePoint deadline_;
    bool body_moved_ = false;  // since the time was checked
    TimePoint body_moved_at_;
    bool head_sent_ = false;
    std::uint64_t body_sent_ = 0;
};

}  // namespace bundle
