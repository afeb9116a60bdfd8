#include "backend/frame_reader.hpp"

#include <algorithm>
#include <cstring>

#include "shared/wire/descriptor_socket.hpp"

namespace bundle {

FrameReader::FrameReader(int socket)
    : socket_(socket), buffer_(std::make_unique_for_overwrite<char[]>(kUsualRoom)) {}

Result<std::optional<wire::Frame>> FrameReader::take() {
    std::string_view rest = unread();
    TRY_ASSIGN(auto frame, wire::take_frame(rest));
    begin_ = end_ - rest.size();
    // Whether a descriptor can be missing is decided here, so that take_descriptor() always has
    // one.
    if (frame && frame->header.has_descriptor() && descriptors_.empty())
        return failure("a frame came without its descriptor");
    if (frame && frame->header.has_descriptor() && !descriptors_.front())
        return failure("the limit of open files left no room for a request's body");
    return frame;
}

OwnedFd FrameReader::take_descriptor() {
    OwnedFd first = std::move(descriptors_.front());
    descriptors_.pop_front();
    return first;
}

ssize_t FrameReader::receive() {
    make_room();
    const ssize_t received =
        wire::receive(socket_, {buffer_.get() + end_, room_ - end_}, descriptors_);
    if (received > 0) end_ += static_cast<std::size_t>(received);
    return received;
}

// Moves a frame that is not whole to the front of a buffer in which it will fit.
void FrameReader::make_room() {
    const std::size_t pending = end_ - begin_;
    const std::size_t needed =
        std::max(kUsualRoom, wire::frame_size({buffer_.get() + begin_, pending}));
    if (needed != room_ && (needed > room_ || pending == 0)) {
        auto larger = std::make_unique_for_overwrite<char[]>(needed);
        std::copy_n(buffer_.get() + begin_, pending, larger.get());
        buffer_ = std::move(larger);
        room_ = needed;
    } else if (begin_ != 0) {
        std::memmove(buffer_.get(), buffer_.get() + begin_, pending);
    }
    begin_ = 0;
    end_ = pending;
}

}  // namespace bundle
