// The second half of ClientStream: TLS between it and the socket.
//
// What a session has to say is in the buffers of the loop, which all clients share. So it is sent,
// or taken out of there, before anybody else is called who might have something to say to another
// client.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "frontend/client/client_stream.hpp"

namespace bundle {

namespace {

// What a client that reads nothing can make us say, by asking for new keys again and again.
constexpr std::size_t kMostBehind = 256U << 10;

uv_buf_t buffer_of(std::string& bytes) {
    return uv_buf_init(bytes.data(), static_cast<unsigned>(bytes.size()));
}

}  // namespace

void ClientStream::begin_tls(std::shared_ptr<const TlsContext> context, TlsBuffers& buffers,
                             const std::string& protocols) {
    tls_.reset(new Tls{
        {std::move(context), buffers, protocols},
        buffers, {}
    });
}

void ClientStream::take_ciphertext(std::string_view bytes) {
    const TlsSession::Input input = tls_->session.read(bytes);
    // Tickets go out with the first answer, if that comes at once.
    if (!tls_->buffers.out.empty() && (input.secured || !input.plain.empty())) {
        tls_->first.append(tls_->buffers.out);
        tls_->buffers.out.clear();
    }
    if (input.secured) events_.on_secured();
    if (!input.plain.empty()) events_.on_bytes(input.plain);
    if (uv_is_closing(handle()) != 0) return;
    if (!send_ciphertext()) return events_.on_broken();
    if (input.then == TlsSession::Then::Ended) events_.on_end();
    if (input.then == TlsSession::Then::Failed) events_.on_tls_fault(tls_->session.fault());
}

// Sends what the session has to say, or keeps it until the kernel takes it. False: the stream is
// broken, or the client reads nothing of what it asks for.
bool ClientStream::send_ciphertext() {
    std::string& first = tls_->first;
    std::string& out = tls_->buffers.out;
    if (first.empty() && out.empty()) return true;
    if (waits()) {
        later_->behind.append(first).append(out);
        first.clear();
        out.clear();
        return later_->behind.size() <= kMostBehind;
    }
    std::array buffers = {buffer_of(first), buffer_of(out)};
    const bool only_out = first.empty();
    int sent = uv_try_write(stream(), only_out ? &buffers[1] : buffers.data(), only_out ? 1 : 2);
    if (sent == UV_EAGAIN) sent = 0;
    const auto count = static_cast<std::size_t>(std::max(sent, 0));
    if (sent >= 0 && count < first.size() + out.size()) {
        std::string rest = first.substr(std::min(count, first.size()));
        rest.append(out, count - std::min(count, first.size()));
        send_later(std::move(rest), 0);
    }
    first = std::string();
    out.clear();
    return sent >= 0;
}

std::int64_t ClientStream::write_encrypted(std::span<const std::string_view> views) {
    if (waits()) return 0;
    const std::int64_t taken = tls_->session.write(views);
    if (taken <= 0) return taken < 0 ? UV_EPROTO : 0;
    if (!send_ciphertext()) return UV_EPIPE;
    written_ += static_cast<std::uint64_t>(taken);
    return taken;
}

std::int64_t ClientStream::send_file_encrypted(const FilePiece& piece) {
    if (waits()) return 0;
    std::vector<char>& into = tls_->buffers.gathered;
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(piece.length, into.size()));
    const ssize_t got = pread(piece.fd, into.data(), size, static_cast<off_t>(piece.offset));
    if (got < 0) return errno == EINTR ? 0 : uv_translate_sys_error(errno);
    if (got == 0) return UV_EOF;
    return write_encrypted(
        std::array{std::string_view(into.data(), static_cast<std::size_t>(got))});
}

// All of `bytes`, behind what is to go out first. Empty when nothing can be said any more; the
// socket then tells so as well.
std::string ClientStream::encrypted(std::string_view bytes) {
    std::string ciphertext = std::exchange(tls_->first, {});
    while (!bytes.empty()) {
        const std::int64_t taken = tls_->session.write(std::array{bytes});
        ciphertext.append(tls_->buffers.out);
        tls_->buffers.out.clear();
        if (taken <= 0) break;
        bytes.remove_prefix(static_cast<std::size_t>(taken));
    }
    return ciphertext;
}

void ClientStream::say_end_of_tls() {
    if (!tls_) return;
    tls_->session.end();
    send_ciphertext();
}

}  // namespace bundle
