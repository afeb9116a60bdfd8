#include "frontend/client/client_stream.hpp"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "shared/base/check.hpp"

namespace bundle {

namespace {

constexpr std::size_t kMostViews = 16;
// One step of a large file, so that other clients get their turn.
constexpr std::uint64_t kFileStep = 1U << 20;

ClientStream* of(void* data) { return static_cast<ClientStream*>(data); }

}  // namespace

ClientStream::ClientStream(uv_loop_t* loop, StreamKind kind, std::span<char> slab,
                           StreamEvents& events)
    : kind_(kind), slab_(slab), events_(events) {
    const int made = kind == StreamKind::Tcp ? uv_tcp_init(loop, &handle_.tcp)
                                             : uv_pipe_init(loop, &handle_.pipe, 0);
    BUNDLE_CHECK(made == 0);
    handle()->data = this;
}

bool ClientStream::accept_from(uv_stream_t* listener) { return uv_accept(listener, stream()) == 0; }

int ClientStream::fd() const {
    uv_os_fd_t fd = -1;
    return uv_fileno(reinterpret_cast<const uv_handle_t*>(&handle_), &fd) == 0 ? fd : -1;
}

void ClientStream::start_reading() {
    uv_read_start(
        stream(),
        [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
            const auto slab = of(handle->data)->slab_;
            *buffer = uv_buf_init(slab.data(), static_cast<unsigned>(slab.size()));
        },
        [](uv_stream_t* stream, ssize_t got, const uv_buf_t* buffer) {
            ClientStream& self = *of(stream->data);
            StreamEvents& events = self.events_;
            if (got > 0) {
                const std::string_view bytes(buffer->base, static_cast<std::size_t>(got));
                if (self.tls_) return self.take_ciphertext(bytes);
                events.on_bytes(bytes);
            } else if (got == UV_EOF) {
                events.on_end();
            } else if (got < 0) {
                events.on_broken();
            }
        });
}

void ClientStream::stop_reading() { uv_read_stop(stream()); }

std::int64_t ClientStream::write_now(std::span<const std::string_view> views) {
    if (tls_) return write_encrypted(views);
    std::array<uv_buf_t, kMostViews> buffers;
    const std::size_t count = std::min(views.size(), buffers.size());
    for (std::size_t i = 0; i < count; ++i) {
        // libuv only reads through the pointer.
        buffers[i] =
            uv_buf_init(const_cast<char*>(views[i].data()), static_cast<unsigned>(views[i].size()));
    }
    const int sent = uv_try_write(stream(), buffers.data(), static_cast<unsigned>(count));
    if (sent > 0) written_ += static_cast<std::uint64_t>(sent);
    return sent == UV_EAGAIN ? 0 : sent;
}

std::int64_t ClientStream::send_file_now(const FilePiece& piece) {
    if (tls_) return send_file_encrypted(piece);
    auto offset = static_cast<off_t>(piece.offset);
    const auto size = static_cast<std::size_t>(std::min(piece.length, kFileStep));
    const ssize_t sent = sendfile(fd(), piece.fd, &offset, size);
    if (sent < 0) return errno == EAGAIN || errno == EINTR ? 0 : uv_translate_sys_error(errno);
    if (sent == 0) return UV_EOF;
    written_ += static_cast<std::uint64_t>(sent);
    return sent;
}

void ClientStream::write_later(std::string bytes) {
    const std::uint64_t count = bytes.size();
    written_ += count;
    send_later(tls_ ? encrypted(bytes) : std::move(bytes), count);
}

void ClientStream::send_later(std::string bytes, std::uint64_t counted) {
    BUNDLE_CHECK(!waits());
    later_ = std::make_unique<Later>();
    later_->bytes = std::move(bytes);
    later_->counted = counted;
    const uv_buf_t buffer =
        uv_buf_init(later_->bytes.data(), static_cast<unsigned>(later_->bytes.size()));
    const int queued =
        uv_write(&later_->request, stream(), &buffer, 1, [](uv_write_t* request, int status) {
            ClientStream* self = of(request->handle->data);
            const auto later = std::move(self->later_);
            if (status == UV_ECANCELED) return;  // closed meanwhile
            if (status < 0) {
                // libuv does not tell how much of it went out.
                self->written_ -= later->counted;
                return self->events_.on_broken();
            }
            if (!later->behind.empty()) return self->send_later(std::move(later->behind), 0);
            self->events_.on_writable();
        });
    BUNDLE_CHECK(queued == 0);
}

std::uint64_t ClientStream::taken() const {
    int unacknowledged = 0;
    if (ioctl(fd(), SIOCOUTQ, &unacknowledged) != 0) unacknowledged = 0;
    // Of a unix socket the kernel counts its own overhead too.
    const auto on_the_way =
        static_cast<std::uint64_t>(unacknowledged) + uv_stream_get_write_queue_size(stream());
    return written_ - std::min(written_, on_the_way);
}

std::uint64_t ClientStream::handed_over() const {
    return written_ - std::min<std::uint64_t>(written_, uv_stream_get_write_queue_size(stream()));
}

bool ClientStream::has_unread() const {
    int unread = 0;
    return ioctl(fd(), FIONREAD, &unread) == 0 && unread > 0;
}

void ClientStream::shut_down_writing() {
    say_end_of_tls();
    if (!waits()) ::shutdown(fd(), SHUT_WR);
}

void ClientStream::close() {
    if (uv_is_closing(handle()) != 0) return;
    say_end_of_tls();
    uv_close(handle(), [](uv_handle_t* handle) { of(handle->data)->events_.on_closed(); });
}

void ClientStream::reset() {
    if (uv_is_closing(handle()) != 0) return;
    if (tls_) tls_->session.abandon();
    if (kind_ == StreamKind::Tcp) {
        // Lingering for no time makes close(2) send RST.
        const linger none{1, 0};
        setsockopt(fd(), SOL_SOCKET, SO_LINGER, &none, sizeof none);
    }
    close();
}

}  // namespace bundle
