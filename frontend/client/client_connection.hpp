// One client's connection. Over HTTP/1 it reads requests and sees to their answers, one after the
// other; HTTP/2 it leaves to Http2Connection.
// It moves along the tables of connection_state.hpp; the bytes are the business of RequestParser
// and FramedAnswer, the socket that of ClientStream.
#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/client/address_counts.hpp"
#include "frontend/client/client_context.hpp"
#include "frontend/client/client_stream.hpp"
#include "frontend/client/connection_state.hpp"
#include "frontend/client/http2_connection.hpp"
#include "frontend/client/listener.hpp"
#include "frontend/client/proxy_protocol.hpp"
#include "frontend/exchange/responder.hpp"

namespace bundle {

struct ConnectionFacts {
    bool idle = false;  // waits for a request
    std::chrono::steady_clock::time_point idle_since;
};

class ClientConnection final : private StreamEvents,
                               public Responder,
                               private Http2ConnectionOwner {
  public:
    // `listener` outlives the connection.
    ClientConnection(ClientContext& context, const Listener& listener);
    ClientConnection(const ClientConnection&) = delete;
    ClientConnection& operator=(const ClientConnection&) = delete;

    // False: there was nobody to accept, or nobody who may connect; the connection closes itself.
    bool accept();
    [[nodiscard]] const Peer& peer() const { return client_side_.peer; }
    // Looked at so often that `since_last` is all that a client gains by luck.
    void check_time(TimePoint now, milliseconds since_last);
    // The front is stopping: the next answer is the last one, and a client that is not in the
    // middle of a request has little time to begin one.
    void drain();
    // The front ends now: who asked for something and gets no whole answer stands in the log.
    std::uint32_t cut_off();
    // Answers 503 to a client that has not asked for anything yet.
    void refuse_connection(Limit limit);
    void close();

    [[nodiscard]] int fd() const { return stream_.fd(); }
    // Bytes of the client stand in the kernel.
    [[nodiscard]] bool has_unread() const { return stream_.has_unread(); }
    [[nodiscard]] ConnectionFacts facts() const;
    void add_requests(std::vector<const Responder*>& to) const {
        if (http2_) return http2_->add_requests(to);
        if (has_request()) to.push_back(this);
    }
    [[nodiscard]] bool is_admin() const { return client_side_.is_admin; }
    [[nodiscard]] std::string_view state_text() const { return rule_of(state_).doing; }

    std::size_t place = 0;                    // the owner's note
    AddressCounts::Place* counted = nullptr;  // the owner's note

  private:
    // From the socket.
    void on_bytes(std::string_view bytes) override;
    void on_end() override;
    void on_broken() override;
    void on_writable() override;
    void on_closed() override;
    void on_secured() override;
    void on_tls_fault(const TlsFault& fault) override;

    // Before the first request.
    void begin_handshake();
    void await_first_request();
    void tell_tls_fault(const TlsFault& fault);
    void tell_tls_on_plain_port();
    void tell_client_fault(std::string_view what);

    // HTTP/2.
    [[nodiscard]] bool begins_http2(std::string_view& bytes);
    void begin_http2();
    void http2_ended() override;
    void http2_broken() override;

    // Who the client is.
    bool begin_preface();
    bool read_preface(std::string_view& bytes);
    void turn_away(std::string_view why);

    // Reading a request.
    void process(std::string_view bytes);
    bool process_some(std::string_view& bytes);
    void begin_request();
    void head_done(std::string_view bytes_behind);
    void send_interim(std::string_view bytes);
    bool read_body(std::string_view& bytes);
    void request_done(std::string_view bytes_behind);
    void keep_for_later(std::string_view bytes);
    [[nodiscard]] bool is_last() const;
    [[nodiscard]] bool reads_ahead() const;
    void read_on();

    // Answering it.
    bool begin_sending() override;
    [[nodiscard]] bool has_sent() const override;
    [[nodiscard]] std::uint64_t answer_bytes_sent() const override;
    std::string_view send_past_buffer(std::string_view bytes) override;
    void send_whole() override;
    void send_told() override;
    void send_interim(const wire::AnswerHead& head) override;
    [[nodiscard]] bool is_over() const override { return state_ == ConnectionState::Closed; }
    void break_off() override;
    void drop_answer() override;
    void leave_unanswered() override;
    [[nodiscard]] std::string_view doing() const override { return rule_of(state_).doing; }
    void send();
    bool send_step();
    void wait_to_send();
    void wait_for_client();
    void answer_sent();

    // Limits.
    void on_deadline();
    bool note_taken();
    void give_up_sending(Limit limit);

    void advance(ConnectionEvent event);
    void enter(ConnectionState state);
    void resume();
    [[nodiscard]] bool expects_answer() const;
    [[nodiscard]] bool request_begun() const;

    ClientSide client_side_;
    ClientStream stream_;
    const Listener& listener_;
    ConnectionState state_ = ConnectionState::Idle;
    bool half_closed_ = false;  // the client sends nothing more
    bool reading_ = true;
    std::uint32_t requests_ = 0;  // begun on this connection
    TimePoint deadline_;
    std::string early_;  // came while an answer was under way that is not the last one
    std::unique_ptr<ProxyProtocol> preface_;  // until it is read
    std::string first_;                       // bytes that may begin HTTP/2
    std::unique_ptr<Http2Connection> http2_;
};

}  // namespace bundle
