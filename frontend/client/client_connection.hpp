// One client's connection over HTTP/1: reads requests, sees to their answers, one after the other.
// It moves along the tables of connection_state.hpp; the bytes are the business of RequestParser
// and FramedAnswer, the socket that of ClientStream.
#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "frontend/client/address_counts.hpp"
#include "frontend/client/client_context.hpp"
#include "frontend/client/client_stream.hpp"
#include "frontend/client/connection_state.hpp"
#include "frontend/client/exchange.hpp"
#include "frontend/client/listener.hpp"
#include "frontend/client/peer.hpp"
#include "frontend/client/proxy_protocol.hpp"

namespace bundle {

struct ConnectionFacts {
    bool idle = false;  // waits for a request
    std::chrono::steady_clock::time_point idle_since;
};

class ClientConnection final : private StreamEvents, public AnswerSink {
  public:
    using TimePoint = std::chrono::steady_clock::time_point;

    // `listener` outlives the connection.
    ClientConnection(ClientContext& context, const Listener& listener);
    ClientConnection(const ClientConnection&) = delete;
    ClientConnection& operator=(const ClientConnection&) = delete;
    ~ClientConnection();

    // False: there was nobody to accept, or nobody who may connect; the connection closes itself.
    bool accept();
    // Of the client, as far as the connection tells: behind a proxy that speaks the PROXY protocol,
    // whom that named; before it has, and without it, the socket's peer. No family: a unix socket.
    [[nodiscard]] const Peer& peer() const { return peer_; }
    // Looked at so often that `since_last` is all that a client gains by luck.
    void check_time(TimePoint now, milliseconds since_last);
    // The front is stopping: the next answer is the last one, and a client that is not in the
    // middle of a request has little time to begin one.
    void drain();
    // The front ends now: who asked for something and gets no whole answer stands in the log.
    void tell_cut_off() const;
    // Answers 503 to a client that has not asked for anything yet.
    void refuse_connection(Limit limit);
    void close();

    [[nodiscard]] int fd() const { return stream_.fd(); }
    // Bytes of the client stand in the kernel.
    [[nodiscard]] bool has_unread() const { return stream_.has_unread(); }
    [[nodiscard]] ConnectionFacts facts() const;

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

    // From the worker. Each of them may come in any state, see in_turn().
    void answer_head(const wire::AnswerHead& head) override;
    void answer_interim(const wire::AnswerHead& head) override;
    void answer_data(std::string_view bytes) override;
    void answer_file(OwnedFd file, const wire::File& piece) override;
    void answer_end(wire::Outcome outcome) override;
    void answer_refused(const Refusal& refusal) override;
    void answer_flush() override;
    [[nodiscard]] bool answer_full() const override;

    [[nodiscard]] bool awaits_head() const;
    [[nodiscard]] bool awaits_body() const;
    bool in_turn(bool fits, std::string_view what);

    // Before the first request.
    void begin_handshake();
    void await_first_request();
    void tell_tls_fault(const TlsFault& fault);
    void tell_tls_on_plain_port();
    void tell_client_fault(std::string_view what);

    // Who the client is.
    bool begin_preface();
    bool read_preface(std::string_view& bytes);
    void turn_away(std::string_view why);
    std::optional<Refusal> read_trusted_claims();
    [[nodiscard]] ClientFacts client_facts();
    [[nodiscard]] std::string_view client_address() const;
    [[nodiscard]] IpAddress client_ip() const;
    [[nodiscard]] std::string_view scheme() const;

    // Reading a request.
    void process(std::string_view bytes);
    bool process_some(std::string_view& bytes);
    void begin_exchange();
    void head_done(std::string_view bytes_behind);
    bool find_route();
    void refuse_host();
    void close_unanswered();
    [[nodiscard]] std::string why_not_ready() const;
    [[nodiscard]] std::optional<Answer> answer_from_head();
    [[nodiscard]] bool leads_to_https() const;
    [[nodiscard]] std::optional<Answer> answer_in_maintenance() const;
    [[nodiscard]] std::optional<Answer> answer_from_files();
    [[nodiscard]] std::optional<Answer> answer_before_body();
    void send_interim(std::string_view bytes);
    bool read_body(std::string_view& bytes);
    void request_done(std::string_view bytes_behind);
    void submit(std::uint32_t app);
    void keep_for_later(std::string_view bytes);
    [[nodiscard]] bool is_last() const;
    [[nodiscard]] bool reads_ahead() const;
    void read_on();

    // Answering it.
    void answer_with(const Answer& answer);
    void answer_with_error(std::uint16_t status, std::span<const HeaderField> more_fields = {});
    void begin_own(const Answer& answer);
    void answer_without_file();
    void refuse_fields();
    [[nodiscard]] AnswerContext answer_context();
    void begin_answer(std::uint16_t status, std::string_view reason,
                      std::span<const HeaderField> fields);
    void add_to_body(std::string_view bytes);
    std::string_view send_past_buffer(std::string_view bytes);
    void send();
    bool send_step();
    void wait_to_send();
    void wait_for_client();
    void answer_sent();
    void abort(std::string_view why);
    void drop_answer();
    [[nodiscard]] std::uint64_t answer_bytes_sent() const;

    // An application's answer is compressed.
    enum class BodyComes : std::uint8_t { AsBytes, AsFile, Later, Never };
    void begin_compressible(std::uint16_t status, std::string_view reason, const Headers& fields);
    void begin_held_back(BodyComes comes);
    void flush_compressed();
    bool end_compressed();
    void compress_file(int fd, const wire::File& piece);
    void drop_compressed();

    // An application leads to another answer.
    [[nodiscard]] bool redirects() const;
    void follow_redirect();
    void follow_to_route(std::uint32_t from_app);
    void follow_to_file(std::uint32_t from_app);
    void redirect_to_app(const RouteMatch& match);
    void answer_with_kept_fields(Answer answer);

    void log_access(std::uint16_t status);
    void end_exchange();

    // Limits.
    void on_deadline();
    bool note_taken();
    void give_up_sending(Limit limit);
    void refuse(const Refusal& refusal, std::span<const HeaderField> more_fields = {});
    void refuse_for_space(std::uint64_t bytes);
    void tell_limit(Limit limit, std::uint16_t status);
    [[nodiscard]] std::string_view client_name() const;
    [[nodiscard]] std::string request_facts() const;

    void advance(ConnectionEvent event);
    void enter(ConnectionState state);
    void resume();
    [[nodiscard]] bool expects_answer() const;
    [[nodiscard]] bool request_begun() const;

    ClientContext& context_;
    ClientStream stream_;
    const Listener& listener_;
    ConnectionState state_ = ConnectionState::Idle;
    bool half_closed_ = false;  // the client sends nothing more
    bool reading_ = true;
    std::uint32_t requests_ = 0;  // begun on this connection
    TimePoint deadline_;
    std::unique_ptr<Exchange> exchange_;
    std::string early_;  // came while an answer was under way that is not the last one
    Peer peer_;
    std::unique_ptr<ProxyProtocol> preface_;  // until it is read
};

}  // namespace bundle
