#include "backend/answer_writer.hpp"

#include <Python.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "shared/wire/descriptor_socket.hpp"

namespace bundle {

namespace {

// Up to here a copy is cheaper than a piece of its own in sendmsg.
constexpr std::size_t kCopiedUpTo = 16U << 10;
// More than this is not held back: the front can work on it meanwhile.
constexpr std::size_t kGatheredUpTo = 64U << 10;

ssize_t send_at_once(int socket, std::string_view first, std::string_view second) {
    constexpr int kFlags = MSG_DONTWAIT | MSG_NOSIGNAL;
    if (second.empty()) return ::send(socket, first.data(), first.size(), kFlags);
    std::array<iovec, 2> pieces = {
        {{const_cast<char*>(first.data()), first.size()},
         {const_cast<char*>(second.data()), second.size()}}
    };
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = pieces.size();
    return ::sendmsg(socket, &message, kFlags);
}

void remove_sent(std::size_t sent, std::string_view& first, std::string_view& second) {
    const std::size_t of_first = std::min(sent, first.size());
    first.remove_prefix(of_first);
    second.remove_prefix(sent - of_first);
}

}  // namespace

void AnswerWriter::begin(std::uint32_t stream) {
    stream_ = stream;
    gathered_.clear();
    head_written_ = false;
    owes_free_ = false;
    if (meter_) meter_->begin();
}

Result<void> AnswerWriter::head(const wire::AnswerHead& head) {
    TRY(wire::encode(gathered_, stream_, head));
    head_written_ = head.status >= 200;
    return {};
}

void AnswerWriter::data(std::string_view bytes) {
    while (!bytes.empty() && !broken()) {
        const std::string_view piece = bytes.substr(0, wire::kMaxData);
        bytes.remove_prefix(piece.size());
        if (piece.size() <= kCopiedUpTo) {
            wire::encode_data(gathered_, stream_, piece);
            if (gathered_.size() > kGatheredUpTo) flush();
        } else {
            wire::encode_data_header(gathered_, stream_, piece.size());
            send_gathered_and(piece);
        }
    }
}

void AnswerWriter::file(int descriptor, const wire::File& file) {
    // In one piece with the head, if that is still here: a front that cannot take the descriptor
    // has sent nothing yet, and can say so.
    wire::encode(gathered_, stream_, file);
    while (!broken()) {
        ssize_t sent = 0;
        Py_BEGIN_ALLOW_THREADS;
        sent = wire::send_with_descriptor(socket_, gathered_, descriptor);
        Py_END_ALLOW_THREADS;
        if (sent >= 0) {
            gathered_.erase(0, static_cast<std::size_t>(sent));
            break;
        }
        recover(errno);
    }
    flush();
}

void AnswerWriter::end(wire::Outcome outcome, wire::Afterwards afterwards) {
    if (meter_) wire::encode(gathered_, stream_, meter_->cost());
    wire::encode(gathered_, stream_, wire::End{outcome, afterwards});
    owes_free_ = afterwards == wire::Afterwards::Closing;
    flush();
}

void AnswerWriter::free() {
    wire::encode_free(gathered_, stream_);
    owes_free_ = false;
    flush();
}

void AnswerWriter::log(std::string_view line) { wire::encode_log(gathered_, stream_, line); }

void AnswerWriter::extend_deadline(wire::Moment deadline) {
    wire::encode(gathered_, stream_, wire::ExtendDeadline{deadline});
    flush();
}

wire::ClientState AnswerWriter::client() const {
    if (broken()) return wire::ClientState::Left;
    if (owes_free_) return wire::ClientState::Listens;  // its slot may be another request's
    char next = 0;
    const ssize_t got = recv(socket_, &next, 1, MSG_PEEK | MSG_DONTWAIT);
    // The front is gone, and its clients with it. One that is to leave has shut the socket itself.
    if (got == 0 && !is_leaving()) return wire::ClientState::Left;
    return slots_ != nullptr ? slots_->client(stream_) : wire::ClientState::Listens;
}

void AnswerWriter::flush() { send_gathered_and({}); }

void AnswerWriter::send_gathered_and(std::string_view more) {
    std::string_view first = gathered_;
    while (!broken() && !(first.empty() && more.empty())) {
        const ssize_t sent = send_at_once(socket_, first, more);
        if (sent >= 0)
            remove_sent(static_cast<std::size_t>(sent), first, more);
        else
            recover(errno);
    }
    gathered_.clear();
}

void AnswerWriter::recover(int error) {
    if (error == EINTR) return;
    if (error != EAGAIN && error != EWOULDBLOCK) {
        broken_ = true;
        return;
    }
    pollfd writable{socket_, POLLOUT, 0};
    Py_BEGIN_ALLOW_THREADS;
    ::poll(&writable, 1, -1);  // whatever ends it, the next send tells
    Py_END_ALLOW_THREADS;
}

}  // namespace bundle
