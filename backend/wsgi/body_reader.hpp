// Where the bytes of a request's body come from: the memory of its frame, or a spooled file.
//
// Both look the same from above: a window of bytes that lie in memory, and a position. A small body
// is one window that covers it whole; a file has a window of 64 KB that moves. The GIL is held on
// every call, and let go while the file is read.
#pragma once
#include <cstdint>
#include <memory>
#include <string_view>

#include "shared/base/owned_fd.hpp"

namespace bundle {

class BodyReader {
  public:
    // `body` must stay where it is until close().
    explicit BodyReader(std::string_view body) : length_(body.size()), window_(body) {}
    BodyReader(OwnedFd file, std::uint64_t length) : file_(std::move(file)), length_(length) {}

    [[nodiscard]] std::uint64_t position() const { return position_; }
    [[nodiscard]] std::uint64_t length() const { return length_; }
    // 0 when the position was moved behind the end, as in any file.
    [[nodiscard]] std::uint64_t remaining() const {
        return position_ < length_ ? length_ - position_ : 0;
    }
    void seek(std::uint64_t position) { position_ = position; }

    // Lets go of the memory or the file. Another thread may be reading the file just now: it ends
    // first.
    void close();
    [[nodiscard]] bool is_closed() const {
        return state_ == State::Closed || state_ == State::ClosingAfterRead;
    }

    // False with a Python exception when the body cannot be read (any more).
    bool check_usable() const;

    // Exactly `size` bytes, at most remaining(), and moves on. False with a Python exception.
    bool read(char* into, std::size_t size);

    // The bytes that lie ready at the position; empty only at the end. False with a Python
    // exception.
    bool look(std::string_view& into);

  private:
    enum class State { Open, Reading, ClosingAfterRead, Closed };

    [[nodiscard]] std::string_view ready() const;
    bool fill_window();
    bool read_file(char* into, std::size_t size, std::uint64_t offset);

    OwnedFd file_;
    std::uint64_t length_;
    std::uint64_t position_ = 0;
    std::string_view window_;
    std::uint64_t window_offset_ = 0;
    std::unique_ptr<char[]> window_memory_;  // of a file
    State state_ = State::Open;
};

}  // namespace bundle
