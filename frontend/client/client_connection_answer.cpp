// The second half of ClientConnection: answers, from workers and our own, on their way to the
// client.
#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>

#include "frontend/client/client_connection.hpp"
#include "frontend/route/error_page.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace {

// A piece of an answer above this is written from where it lies; a smaller one is copied, so that
// what arrives together leaves together.
constexpr std::size_t kCopyBelow = 16U << 10;
// What libuv is given to wait with when the kernel takes no more.
constexpr std::size_t kWriteLater = 64U << 10;
// The longest Retry-After of a 503, in seconds.
constexpr std::uint64_t kMostRetryAfter = 5;
// Of a 405 that is not for one address: what we pass on (RFC 9110 section 15.5.6).
constexpr std::array<HeaderField, 1> kAllow = {
    {{"Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"}}};
// Steps of one answer before other connections get their turn.
constexpr int kStepsPerTurn = 4;

// Keeps a descriptor that came from a worker until it is sent.
std::shared_ptr<const void> keep(OwnedFd file) {
    return std::make_shared<const OwnedFd>(std::move(file));
}

// Of errors of sending a file; every other one is the client's.
bool is_of_file(std::int64_t error) {
    return error == UV_EOF || error == UV_EIO || error == UV_EINVAL || error == UV_EISDIR;
}

std::string_view field_value(const RequestHead& head, std::string_view name) {
    const HeaderField* field = find_field(head.fields, name);
    return field != nullptr ? field->value : std::string_view();
}

}  // namespace

// ---- from a worker ----

// Whether no request is answered behind the one that is being served.
bool ClientConnection::is_last() const {
    const Exchange& exchange = *exchange_;
    if (exchange.answer.status() != 0) return !exchange.answer.keep_alive();
    return !exchange.head.keep_alive || exchange.refused || context_.draining ||
           requests_ >= exchange.snapshot->config.http.keepalive_requests;
}

// Of an answer that begins with the next byte that is written.
AnswerContext ClientConnection::answer_context() {
    Exchange& exchange = *exchange_;
    const RouteRules& rules = *exchange.match.rules;
    const HeaderChanges& changes = scheme() == "https" ? rules.headers_by_https : rules.headers;
    exchange.answer_begins = stream_.written();
    return {exchange.head.version,
            exchange.head.method == "HEAD",
            !is_last(),
            context_.date.at(std::chrono::system_clock::now()),
            rules.http.server_header,
            exchange.id.view(),
            changes.empty() ? nullptr : &changes};
}

bool ClientConnection::awaits_head() const {
    return state_ == ConnectionState::AwaitAnswer && exchange_->answer.status() == 0;
}

bool ClientConnection::awaits_body() const {
    return expects_answer() && exchange_->answer.status() != 0 && !exchange_->answer.ended();
}

// Workers are told apart from each other by rules that the dispatcher keeps; but what a client does
// (or does not: read) has its part in the state that we are in. Should the two ever not fit, that
// costs this connection, and not all others with it.
bool ClientConnection::in_turn(bool fits, std::string_view what) {
    if (fits || state_ == ConnectionState::Closed) return fits;
    log_error("{} of an answer came out of turn, closing the connection client={} while={}", what,
              client_address(), log_quoted(rule_of(state_).doing));
    stream_.reset();
    on_broken();
    return false;
}

void ClientConnection::answer_head(const wire::AnswerHead& head) {
    if (!in_turn(awaits_head(), "the head")) return;
    std::unique_ptr<InternalRedirect>& redirect = exchange_->redirect;
    const ServerFields ours = ServerFields::in(head.fields);
    if (ours.redirect()) {
        if (!redirect) redirect = std::make_unique<InternalRedirect>();
        return redirect->note(ours, head.fields);
    }
    const bool buffering = ours.buffering == BufferingWish::None
                               ? exchange_->match.buffering
                               : ours.buffering == BufferingWish::On;
    if (!buffering) exchange_->answer.set_limits(exchange_->match.rules->unbuffered_limits);
    const Headers merged =
        redirect ? merged_fields(redirect->kept->fields(), head.fields) : Headers();
    const Headers& fields = redirect ? merged : head.fields;
    if (is_compressible(head.status, fields, exchange_->match.rules->gzip))
        return begin_compressible(head.status, head.reason, fields);
    begin_answer(head.status, head.reason, fields);
}

void ClientConnection::begin_answer(std::uint16_t status, std::string_view reason,
                                    std::span<const HeaderField> fields) {
    if (!exchange_->answer.begin(status, reason, fields, answer_context(), context_.scratch))
        refuse_fields();
}

void ClientConnection::refuse_fields() {
    log_error(
        "the application's fields cannot be sent (Content-Length, or a control byte), answering "
        "500 request_id={}",
        exchange_->id.view());
    context_.dispatcher.withdraw(exchange_->request);
    answer_with_error(500);
}

// RFC 9110 section 15.2: not for HTTP/1.0.
void ClientConnection::answer_interim(const wire::AnswerHead& head) {
    if (!in_turn(awaits_head(), "an interim head")) return;
    if (exchange_->head.version == HttpVersion::Http10) return;
    context_.scratch.clear();
    if (write_interim_head(context_.scratch, head.status, head.reason, head.fields))
        send_interim(context_.scratch);
}

// A client that reads nothing may have left no room for even this: the rest waits, and what would
// come behind it is not worth waiting for.
void ClientConnection::send_interim(std::string_view bytes) {
    if (stream_.waits()) return;
    const auto sent = stream_.write_now(std::array{bytes});
    if (sent < 0) return on_broken();
    const auto rest = bytes.substr(static_cast<std::size_t>(sent));
    if (!rest.empty()) stream_.write_later(std::string(rest));
}

void ClientConnection::answer_data(std::string_view bytes) {
    if (redirects()) return;  // it goes nowhere
    begin_held_back(BodyComes::AsBytes);
    if (!in_turn(awaits_body(), "data")) return;
    add_to_body(exchange_->compressed ? exchange_->compressed->add(bytes) : bytes);
}

void ClientConnection::add_to_body(std::string_view bytes) {
    FramedAnswer& answer = exchange_->answer;
    const std::string_view piece = answer.open_piece(bytes);
    if (piece.empty()) return;
    const std::string_view rest = send_past_buffer(piece);
    if (state_ == ConnectionState::Closed) return;
    answer.append(rest);
    answer.close_piece();
}

// A large piece goes out from where it lies, behind what waits in memory. Returns what the kernel
// did not take.
std::string_view ClientConnection::send_past_buffer(std::string_view bytes) {
    AnswerBuffer& buffer = exchange_->answer.buffer();
    if (bytes.size() < kCopyBelow || stream_.waits()) return bytes;
    std::array<std::string_view, 8> views;
    const std::size_t waiting = buffer.gather(std::span(views).first(views.size() - 1));
    std::uint64_t in_front = 0;
    for (std::size_t i = 0; i < waiting; ++i) in_front += views[i].size();
    if (in_front != buffer.size())
        return bytes;  // files, or more than a few pieces: in their order
    views[waiting] = bytes;
    const auto sent = stream_.write_now(std::span(views).first(waiting + 1));
    if (sent < 0) {
        on_broken();
        return {};
    }
    const auto of_buffer = std::min<std::uint64_t>(static_cast<std::uint64_t>(sent), in_front);
    buffer.consume(of_buffer);
    return bytes.substr(static_cast<std::size_t>(static_cast<std::uint64_t>(sent) - of_buffer));
}

void ClientConnection::answer_file(OwnedFd file, const wire::File& piece) {
    if (redirects()) return;
    begin_held_back(BodyComes::AsFile);
    if (!in_turn(awaits_body(), "a file")) return;
    if (!file) return answer_without_file();
    if (exchange_->compressed) return compress_file(file.get(), piece);
    const FilePiece of_file = {file.get(), piece.offset, piece.length};
    exchange_->answer.file(of_file, keep(std::move(file)));
}

// There was no descriptor left for the file that came from a worker.
void ClientConnection::answer_without_file() {
    if (stream_.written() != exchange_->answer_begins) {
        return abort("no descriptor is left for its file");
    }
    context_.dispatcher.withdraw(exchange_->request);
    exchange_->answer.clear();
    answer_with_error(503);
}

void ClientConnection::answer_end(wire::Outcome outcome) {
    if (redirects()) return;
    if (outcome == wire::Outcome::Failed && awaits_head()) return answer_with_error(500);
    begin_held_back(BodyComes::Never);
    if (!in_turn(awaits_body(), "the end")) return;
    if (outcome != wire::Outcome::Complete) return abort("the answer was not completed");
    if (!end_compressed()) return;
    const AnswerEnd end = exchange_->answer.end();
    if (exchange_->answer.cut()) {
        log_warn("the application sent more than its Content-Length, the rest is cut request_id={}",
                 exchange_->id.view());
    }
    if (end == AnswerEnd::Short) abort("the application sent less than its Content-Length");
}

void ClientConnection::answer_flush() {
    if (redirects()) follow_redirect();
    flush_compressed();
    const bool has_more = state_ == ConnectionState::AwaitAnswer && exchange_->answer.status() != 0;
    if (has_more) advance(ConnectionEvent::AnswerReady);
    if (state_ == ConnectionState::SendAnswer) send();
    resume();
}

bool ClientConnection::answer_full() const {
    return exchange_ != nullptr && exchange_->answer.full();
}

// ---- our own ----

void ClientConnection::answer_with(const Answer& answer) {
    if (answer.status >= 400 && answer.bytes.empty())
        return answer_with_error(answer.status, answer.fields);
    begin_own(answer);
}

void ClientConnection::answer_with_error(std::uint16_t status,
                                         std::span<const HeaderField> more_fields) {
    Exchange& exchange = *exchange_;
    if (exchange.answer.status() != 0) return abort("it failed after its head was out");
    // So that all those who were refused together do not come back together.
    const std::string later = std::to_string(1 + context_.refused % kMostRetryAfter);
    const std::array<HeaderField, 1> retry_after = {{{"Retry-After", later}}};
    if (status == 503 && more_fields.empty()) {
        ++context_.refused;
        more_fields = retry_after;
    }
    if (status == 405 && more_fields.empty()) more_fields = kAllow;
    if (const auto page = exchange.match.rules->errors.page(status, more_fields))
        return begin_own(*page);
    begin_own(error_page(status,
                         {exchange.id.view(), field_value(exchange.head, "accept"), more_fields}));
}

// Sends an answer of our own, whole. A worker's may have been begun before it, as long as nothing
// of that one has been sent.
void ClientConnection::begin_own(const Answer& answer) {
    drop_compressed();
    FramedAnswer& framed = exchange_->answer;
    if (!framed.begin(answer.status, {}, answer.fields, answer_context(), context_.scratch))
        return refuse_fields();
    if (!answer.bytes.empty()) framed.shared_bytes(answer.bytes, answer.owner);
    framed.file(answer.file, answer.owner);
    for (const BodyPart& part : answer.more) {
        framed.shared_bytes(part.bytes, answer.owner);
        framed.file(part.file, answer.owner);
    }
    framed.end();
    if (state_ != ConnectionState::SendAnswer) advance(ConnectionEvent::AnswerReady);
    send();
}

// ---- to the socket ----

void ClientConnection::send() {
    for (int step = 0; step < kStepsPerTurn; ++step) {
        if (stream_.waits()) return wait_for_client();
        if (exchange_->answer.buffer().empty()) break;
        if (!send_step()) return;
    }
    if (stream_.waits()) return wait_for_client();
    FramedAnswer& answer = exchange_->answer;
    if (!answer.buffer().empty()) return wait_to_send();
    if (answer.ended()) return answer_sent();
    advance(ConnectionEvent::AllSent);
    Dispatcher::resume(exchange_->request);
}

// False when sending cannot go on now.
bool ClientConnection::send_step() {
    AnswerBuffer& buffer = exchange_->answer.buffer();
    const auto file = buffer.next_file();
    std::int64_t sent = 0;
    if (file) {
        sent = stream_.send_file_now(*file);
    } else {
        std::array<std::string_view, 8> views;
        sent = stream_.write_now(std::span(views).first(buffer.gather(views)));
    }
    if (sent > 0) {
        buffer.consume(static_cast<std::uint64_t>(sent));
    } else if (sent == 0) {
        wait_to_send();
    } else if (file && is_of_file(sent)) {
        abort("its file cannot be read to its end");
    } else {
        on_broken();
    }
    return sent > 0;
}

void ClientConnection::wait_to_send() {
    auto bytes = exchange_->answer.buffer().take(kWriteLater);
    if (!bytes) return abort(bytes.error().message);
    stream_.write_later(std::move(*bytes));
    wait_for_client();
}

// on_writable() goes on.
void ClientConnection::wait_for_client() {
    if (exchange_->taken == 0) exchange_->taken = stream_.taken();
    if (exchange_->answer.has_room()) Dispatcher::resume(exchange_->request);
}

void ClientConnection::answer_sent() {
    const bool keep_alive = exchange_->answer.keep_alive();
    // It was refused in the middle, or would have gone on, or sends what nobody asked for: what it
    // has on its way must not reset the connection before it has read this answer.
    const bool may_be_sending = !keep_alive && !half_closed_ &&
                                (exchange_->refused || exchange_->head.keep_alive ||
                                 exchange_->behind > 0 || stream_.has_unread());
    log_access(exchange_->answer.status());
    end_exchange();
    if (may_be_sending) return advance(ConnectionEvent::Refused);
    advance(keep_alive ? ConnectionEvent::AnswerSent : ConnectionEvent::LastSent);
}

// The answer cannot be completed, and the client must not take what it got for the whole of it.
void ClientConnection::abort(std::string_view why) {
    log_warn("answer aborted reason={} {}", log_quoted(why), request_facts());
    drop_answer();
}

void ClientConnection::drop_answer() {
    log_access(exchange_->answer.status());
    end_exchange();
    stream_.reset();
    advance(ConnectionEvent::Lost);
}

// The kernel has so much of it; whether the client has it as well, nobody can tell.
std::uint64_t ClientConnection::answer_bytes_sent() const {
    if (exchange_->answer.status() == 0) return 0;
    const std::uint64_t sent = stream_.handed_over();
    return sent - std::min(sent, exchange_->answer_begins);
}

void ClientConnection::log_access(std::uint16_t status) {
    if (!exchange_->match.rules->is_logged) return;
    const RequestHead& head = exchange_->head;
    context_.access_log.append(
        {.client = client_address(),
         .method = head.method,
         .target = head.target,
         .protocol = head.version == HttpVersion::Http11 ? "HTTP/1.1" : "HTTP/1.0",
         .status = status,
         .body_bytes = exchange_->answer.body_bytes_in(answer_bytes_sent()),
         .referer = field_value(head, "referer"),
         .user_agent = field_value(head, "user-agent")},
        std::chrono::system_clock::now());
}

void ClientConnection::end_exchange() {
    if (exchange_ == nullptr) return;
    context_.dispatcher.withdraw(exchange_->request);
    drop_compressed();
    context_.exchanges.give_back(std::move(exchange_), context_.snapshot);
}

}  // namespace bundle
