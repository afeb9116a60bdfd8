// A client's socket on the event loop, and nothing else: reads into the loop's slab, writes at once
// what the kernel takes. TCP or unix. Where the client speaks TLS, that stands here as a filter:
// what is read and written is its plaintext.
//
// Writing tries first and lets libuv wait only for the remainder: uv_write for every answer would
// cost one epoll_ctl each, as would stopping and starting to read.
#pragma once
#include <uv.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "frontend/answer/answer.hpp"
#include "frontend/tls/tls_session.hpp"

namespace bundle {

enum class StreamKind : std::uint8_t { Tcp, Unix };

// What the socket tells the connection. After on_closed() nothing follows: the connection may
// destroy itself.
class StreamEvents {
  public:
    virtual void on_bytes(std::string_view bytes) = 0;
    virtual void on_end() = 0;       // the client sends nothing more
    virtual void on_broken() = 0;    // reset, or another error
    virtual void on_writable() = 0;  // what write_later() was given has been sent
    virtual void on_closed() = 0;
    virtual void on_secured() = 0;                         // the handshake of TLS is done
    virtual void on_tls_fault(const TlsFault& fault) = 0;  // nothing more can be read or written

  protected:
    ~StreamEvents() = default;
};

class ClientStream {
  public:
    // `slab` is lent for the time of each read.
    ClientStream(uv_loop_t* loop, StreamKind kind, std::span<char> slab, StreamEvents& events);
    ClientStream(const ClientStream&) = delete;
    ClientStream& operator=(const ClientStream&) = delete;

    bool accept_from(uv_stream_t* listener);
    [[nodiscard]] StreamKind kind() const { return kind_; }
    [[nodiscard]] int fd() const;

    // From now on the client speaks TLS, and nothing of it has been read so far.
    void begin_tls(std::shared_ptr<const TlsContext> context, TlsBuffers& buffers,
                   const std::string& protocols);
    // What was read before that belongs to TLS.
    void take_ciphertext(std::string_view bytes);
    // It never spoke TLS: what is written goes out as it is.
    void end_tls() { tls_.reset(); }
    // nullptr: it does not speak TLS.
    [[nodiscard]] TlsSession* tls() const { return tls_ ? &tls_->session : nullptr; }

    void start_reading();
    void stop_reading();

    // How many bytes the kernel took; 0 when it takes none now, negative when the stream is broken.
    std::int64_t write_now(std::span<const std::string_view> views);
    // UV_EOF when the file has become shorter than the piece: what was announced cannot be sent.
    std::int64_t send_file_now(const FilePiece& piece);
    // Sends `bytes` when the kernel takes them; on_writable() follows. One at a time.
    void write_later(std::string bytes);
    [[nodiscard]] bool waits() const { return later_ != nullptr; }

    // How much of all that was written here has left for good: the client's kernel has it. (Of TLS
    // it is nearly so much: what waits is counted with what encryption adds to it.)
    [[nodiscard]] std::uint64_t taken() const;
    [[nodiscard]] std::uint64_t written() const { return written_; }
    // How much of it the kernel has.
    [[nodiscard]] std::uint64_t handed_over() const;
    // The client has sent something that was not read yet: closing now would reset the connection.
    [[nodiscard]] bool has_unread() const;

    void shut_down_writing();
    void close();
    // Closes so that the client cannot take what it got for all there is.
    void reset();

  private:
    struct Later {
        uv_write_t request{};
        std::string bytes;
        std::uint64_t counted = 0;  // in written_
        std::string behind;         // ciphertext that follows
    };
    struct Tls {
        TlsSession session;
        TlsBuffers& buffers;
        std::string first;  // ciphertext that goes out before anything else
    };

    [[nodiscard]] const uv_stream_t* stream() const {
        return reinterpret_cast<const uv_stream_t*>(&handle_);
    }
    uv_stream_t* stream() { return reinterpret_cast<uv_stream_t*>(&handle_); }
    void send_later(std::string bytes, std::uint64_t counted);
    std::string encrypted(std::string_view bytes);
    std::int64_t write_encrypted(std::span<const std::string_view> views);
    std::int64_t send_file_encrypted(const FilePiece& piece);
    bool send_ciphertext();
    void say_end_of_tls();

    uv_handle_t* handle() { return reinterpret_cast<uv_handle_t*>(&handle_); }

    union {
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } handle_{};  // the owner lives until on_closed(), so it needs no allocation of its own
    StreamKind kind_;
    std::span<char> slab_;
    StreamEvents& events_;
    std::unique_ptr<Later> later_;
    std::unique_ptr<Tls> tls_;
    std::uint64_t written_ = 0;  // bytes, what write_later() was given included
};

}  // namespace bundle
