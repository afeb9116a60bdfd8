// The second half of ClientConnection: answers on their way from the buffer to the client.
#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>

#include "frontend/client/client_connection.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace {

// A piece of an answer above this is written from where it lies; a smaller one is copied, so that
// what arrives together leaves together.
constexpr std::size_t kCopyBelow = 16U << 10;
// What libuv is given to wait with when the kernel takes no more.
constexpr std::size_t kWriteLater = 64U << 10;
// Steps of one answer before other connections get their turn.
constexpr int kStepsPerTurn = 4;

// Of errors of sending a file; every other one is the client's.
bool is_of_file(std::int64_t error) {
    return error == UV_EOF || error == UV_EIO || error == UV_EINVAL || error == UV_EISDIR;
}

}  // namespace

// Whether no request is answered behind the one that is being served.
bool ClientConnection::is_last() const {
    const Exchange& exchange = *exchange_;
    if (exchange.answer.status() != 0) return !exchange.answer.keep_alive();
    return !exchange.head.keep_alive || exchange.refused || context_.draining ||
           requests_ >= exchange.snapshot->config.http.keepalive_requests;
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

bool ClientConnection::begin_sending() {
    exchange_->answer_begins = stream_.written();
    return !is_last();
}

bool ClientConnection::has_sent() const { return stream_.written() != exchange_->answer_begins; }

void ClientConnection::send_interim(const wire::AnswerHead& head) {
    context_.scratch.clear();
    if (write_interim_head(context_.scratch, exchange_->head.version, head.status, head.reason,
                           head.fields))
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

void ClientConnection::send_whole() {
    if (exchange_->refused) early_.clear();
    if (state_ != ConnectionState::SendAnswer) advance(ConnectionEvent::AnswerReady);
    send();
}

void ClientConnection::send_told() {
    const bool has_more = state_ == ConnectionState::AwaitAnswer && exchange_->answer.status() != 0;
    if (has_more) advance(ConnectionEvent::AnswerReady);
    if (state_ == ConnectionState::SendAnswer) send();
    resume();
}

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
    resume_worker();
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
    resume_worker();
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

void ClientConnection::break_off() {
    stream_.reset();
    on_broken();
}

void ClientConnection::drop_answer() {
    log_access(exchange_->answer.status());
    end_exchange();
    stream_.reset();
    advance(ConnectionEvent::Lost);
}

std::uint64_t ClientConnection::answer_bytes_sent() const {
    if (exchange_->answer.status() == 0) return 0;
    const std::uint64_t sent = stream_.handed_over();
    return sent - std::min(sent, exchange_->answer_begins);
}

void ClientConnection::leave_unanswered() {
    end_exchange();
    advance(ConnectionEvent::Lost);
}

}  // namespace bundle
