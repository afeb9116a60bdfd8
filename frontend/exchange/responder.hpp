// Answers one request at a time, from its checked head to the log line: a file, an application, a
// page of our own. Whoever carries the request to us and the answer back derives from it and does
// the rest: a connection over HTTP/1, or one stream of a connection over HTTP/2.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "frontend/client/client_context.hpp"
#include "frontend/exchange/client_side.hpp"
#include "frontend/exchange/exchange.hpp"
#include "frontend/observe/request_progress.hpp"

namespace bundle {

class Responder : public AnswerSink, private CompressionSink {
  public:
    using TimePoint = std::chrono::steady_clock::time_point;

    // ---- for who looks on ----

    // Without one the others may not be asked.
    [[nodiscard]] bool has_request() const { return exchange_ && !exchange_->has_record; }
    [[nodiscard]] TimePoint request_began() const { return exchange_->times.received; }
    [[nodiscard]] std::string_view asked_app() const;  // "": none
    [[nodiscard]] RequestState request_state() const;
    [[nodiscard]] RequestProgress progress(TimePoint now) const;

  protected:
    static constexpr std::uint16_t kClientLeft = 499;  // in the log, as nginx has it

    // Both outlive it.
    Responder(ClientContext& context, const ClientSide& client)
        : context_(context), client_(client) {}
    Responder(const Responder&) = delete;
    Responder& operator=(const Responder&) = delete;
    ~Responder();

    // ---- what the carrier does ----

    // An answer begins with the next byte that is sent; whether the client may ask again behind it.
    virtual bool begin_sending() = 0;
    // Something of that answer may have left already.
    [[nodiscard]] virtual bool has_sent() const = 0;
    // Of the answer, as framed, as far as the kernel has it; whether the client has it as well,
    // nobody can tell.
    [[nodiscard]] virtual std::uint64_t answer_bytes_sent() const = 0;
    // A piece of the body may go out from where it lies. Returns what is left of it; without an
    // exchange afterwards when the client is gone.
    virtual std::string_view send_past_buffer(std::string_view bytes) = 0;
    // An answer is there whole, in its buffer.
    virtual void send_whole() = 0;
    // All that arrived together from a worker has been told, which may be nothing to be sent.
    virtual void send_told() = 0;
    virtual void send_interim(const wire::AnswerHead& head) = 0;
    // Nothing more can be told to the client, or it needs no telling.
    [[nodiscard]] virtual bool is_over() const = 0;
    // A worker's answer came when none was awaited.
    virtual void break_off() = 0;
    // Ends the exchange, and the client must not take what it got for the whole of an answer.
    virtual void drop_answer() = 0;
    // Ends the exchange without an answer.
    virtual void leave_unanswered() = 0;
    // "reading the request body"
    [[nodiscard]] virtual std::string_view doing() const = 0;

    // ---- for the carrier ----

    void begin_exchange();
    void end_exchange();

    // What is to become of a request whose head is there and good.
    enum class HeadOutcome : std::uint8_t { Answered, NeedsBody, IsWhole };
    HeadOutcome meet_head();
    // False: it was refused, and has been answered.
    bool take_body(std::string_view bytes);
    // The request is there, head and body.
    void respond();

    void refuse(const Refusal& refusal);
    void abort(std::string_view why);
    // Once the client has taken something, or what waited has been compressed.
    void resume_worker();
    // Status 0: closed without a word.
    void tell_limit(Limit limit, std::uint16_t status);
    void tell_mistake(const Refusal& refusal);
    void cut_off_exchange();
    void log_access(std::uint16_t status) const;
    // For log lines.
    [[nodiscard]] std::string request_facts() const;
    // For logs: of the request if there is one, else of the connection.
    [[nodiscard]] std::string_view client_address() const;
    [[nodiscard]] std::string_view client_name() const;

    ClientContext& context_;
    const ClientSide& client_;
    std::unique_ptr<Exchange> exchange_;

  private:
    // From the worker.
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

    // Who the client is.
    std::optional<Refusal> read_trusted_claims();
    [[nodiscard]] ClientFacts client_facts();
    [[nodiscard]] IpAddress client_ip() const;
    [[nodiscard]] std::string_view scheme() const;

    // Which route is met, and what answers without an application.
    [[nodiscard]] bool is_misdirected() const;
    bool find_route();
    [[nodiscard]] bool shows_too_little() const;
    HeadOutcome refuse_host();
    HeadOutcome close_unanswered(std::string_view why);
    [[nodiscard]] std::string why_not_ready() const;
    [[nodiscard]] Answer answer_to_admin() const;
    [[nodiscard]] Answer answer_from_admin(std::string_view path) const;
    [[nodiscard]] Answer status_page_of_route() const;
    [[nodiscard]] std::optional<Answer> answer_from_head();
    [[nodiscard]] bool admits_client();
    [[nodiscard]] Answer leading_answer(const RequestHead& head, const FixedAnswer* fixed) const;
    [[nodiscard]] bool leads_to_https() const;
    [[nodiscard]] std::optional<Answer> answer_in_maintenance();
    [[nodiscard]] std::optional<Answer> answer_from_files();
    [[nodiscard]] std::optional<Answer> answer_before_body();
    void submit(std::uint32_t app);

    // The answer.
    void answer_with(const Answer& answer);
    void answer_with_error(std::uint16_t status, std::span<const HeaderField> more_fields = {});
    void begin_own(const Answer& answer);
    void go_on(std::string_view beginning);
    void answer_without_file();
    void refuse_fields();
    [[nodiscard]] AnswerContext answer_context();
    void begin_answer(std::uint16_t status, std::string_view reason,
                      std::span<const HeaderField> fields);
    bool begin_with_timing(std::uint16_t status, std::string_view reason,
                           std::span<const HeaderField> fields);
    void add_to_body(std::string_view bytes);
    void complete_answer();

    // An application's answer is compressed.
    enum class BodyComes : std::uint8_t { AsBytes, AsFile, Later, Never };
    void begin_compressible(std::uint16_t status, std::string_view reason, const Headers& fields);
    void begin_held_back(BodyComes comes);
    void compress(std::string_view bytes);
    void compress_file(FilePiece piece, std::shared_ptr<const void> owner);
    void flush_compressed();
    void end_compressed();
    void compress_waiting();
    void take_compressed(CompressionJob& job);
    void job_done(CompressionJob& job) override;
    void drop_compressed();

    // An application leads to another answer.
    [[nodiscard]] bool redirects() const;
    void follow_redirect();
    void follow_to_route(std::uint32_t from_app);
    void follow_to_file(std::uint32_t from_app);
    bool answer_as_led(const RouteMatch& match);
    void redirect_to_app(std::uint32_t app);
    void answer_with_given_file();
    void leave_worker();
    void answer_with_kept_fields(Answer answer, std::shared_ptr<const StoredFields> kept);

    // For the access log.
    void note_whole() const;
    void note_first() const;
    void note_answer_fields() const;
    void note_drop(Limit limit) const;
    void note_app_time(std::uint16_t status) const;
    [[nodiscard]] bool was_slow() const;
    [[nodiscard]] TimePoint in_state_since(RequestState state) const;

    bool is_kept(BodyAppend outcome, std::uint64_t bytes);
    void refuse_for_space(std::uint64_t bytes);
};

}  // namespace bundle
