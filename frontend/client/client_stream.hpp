// A client's socket on the event loop, and nothing else: reads into the loop's slab, writes at once
// what the kernel takes. TCP or unix. (TLS will stand here as a filter.)
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

    void start_reading();
    void stop_reading();

    // How many bytes the kernel took; 0 when it takes none now, negative when the stream is broken.
    std::int64_t write_now(std::span<const std::string_view> views);
    // UV_EOF when the file has become shorter than the piece: what was announced cannot be sent.
    std::int64_t send_file_now(const FilePiece& piece);
    // Sends `bytes` when the kernel takes them; on_writable() follows. One at a time.
    void write_later(std::string bytes);
    [[nodiscard]] bool waits() const { return later_ != nullptr; }

    // How much of all that was written here has left for good: the client's kernel has it.
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
    };

    [[nodiscard]] const uv_stream_t* stream() const {
        return reinterpret_cast<const uv_stream_t*>(&handle_);
    }
    uv_stream_t* stream() { return reinterpret_cast<uv_stream_t*>(&handle_); }
    uv_handle_t* handle() { return reinterpret_cast<uv_handle_t*>(&handle_); }

    union {
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } handle_{};  // the owner lives until on_closed(), so it needs no allocation of its own
    StreamKind kind_;
    std::span<char> slab_;
    StreamEvents& events_;
    std::unique_ptr<Later> later_;
    std::uint64_t written_ = 0;  // bytes, what write_later() was given included
};

}  // namespace bundle
