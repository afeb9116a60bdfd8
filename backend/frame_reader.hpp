// A worker's end of what the front sends: bytes into frames, in one buffer that is used again and
// again.
#pragma once
#include <sys/types.h>

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>

#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"
#include "shared/wire/frame.hpp"

namespace bundle {

class FrameReader {
  public:
    // Most requests fit. A larger one gets the room it needs, which is given back when it was
    // served.
    static constexpr std::size_t kUsualRoom = 64U << 10;

    explicit FrameReader(int socket);

    // A whole frame that is here already; its payload is valid until the next receive(). An error
    // when the bytes are no frame: the connection is of no use any more.
    Result<std::optional<wire::Frame>> take();
    // One recvmsg(2), which waits: bytes, 0 at the end, -1 with errno. Touches nothing of Python.
    ssize_t receive();
    // The descriptor of the frame that take() gave, when its header says that it has one.
    OwnedFd take_descriptor();

  private:
    void make_room();
    [[nodiscard]] std::string_view unread() const {
        return {buffer_.get() + begin_, end_ - begin_};
    }

    int socket_;
    std::unique_ptr<char[]> buffer_;
    std::size_t room_ = kUsualRoom;
    std::size_t begin_ = 0;  // unread bytes are buffer_[begin_, end_)
    std::size_t end_ = 0;
    std::deque<OwnedFd> descriptors_;
};

}  // namespace bundle
