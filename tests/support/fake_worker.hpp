// The other end of the wire: a worker that does what a test tells it to, on a blocking socket.
#pragma once
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <deque>
#include <optional>
#include <string>

#include "shared/base/owned_fd.hpp"
#include "shared/wire/descriptor_socket.hpp"
#include "shared/wire/messages.hpp"
#include "shared/wire/request_slots.hpp"

namespace bundle {

class FakeWorker {
  public:
    // Connects to the front's listener, whose address is `front`, and introduces itself.
    FakeWorker(const sockaddr_un& front, socklen_t size, std::string_view app,
               std::uint32_t generation = 1,
               std::uint32_t pid = static_cast<std::uint32_t>(::getpid()))
        : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        EXPECT_EQ(::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&front), size), 0);
        std::string out;
        wire::encode(out, wire::Hello{.app = app, .generation = generation, .pid = pid});
        send(out, slots_.fd());
    }

    void send(std::string_view bytes, int descriptor = -1) const {
        EXPECT_EQ(wire::send_with_descriptor(socket_.get(), bytes, descriptor),
                  static_cast<ssize_t>(bytes.size()));
    }

    // A small answer, whole.
    void answer(std::uint32_t stream, std::string_view body) const {
        send(answer_bytes(stream, body));
    }

    // Whole as well, with close() still to run.
    void answer_and_close(std::uint32_t stream, std::string_view body) const {
        send(answer_bytes(stream, body, wire::Afterwards::Closing));
    }
    void say_free(std::uint32_t stream) const {
        std::string out;
        wire::encode_free(out, stream);
        send(out);
    }

    static std::string answer_bytes(std::uint32_t stream, std::string_view body,
                                    wire::Afterwards afterwards = wire::Afterwards::Free) {
        std::string out;
        wire::encode(out, stream, wire::AnswerHead{.status = 200, .reason = "OK", .fields = {}});
        wire::encode_data(out, stream, body);
        wire::encode(out, stream, wire::End{.afterwards = afterwards});
        return out;
    }

    // The next frame, if one has arrived; its payload lives until the next call. A request is begun
    // by that; one that was taken back is skipped.
    std::optional<wire::Frame> receive() {
        auto frame = next_frame();
        while (frame && frame->header.type == wire::FrameType::Request &&
               !slots_.begin(frame->header.stream))
            frame = next_frame();
        return frame;
    }

    [[nodiscard]] wire::ClientState client(std::uint32_t stream) const {
        return slots_.client(stream);
    }

    // By the front, with nothing more to be read.
    [[nodiscard]] bool is_closed() const {
        char byte = 0;
        return ::recv(socket_.get(), &byte, 1, MSG_DONTWAIT) == 0;
    }

    // As a worker that is to leave.
    void read_nothing_more() const { ::shutdown(socket_.get(), SHUT_RD); }

    // Dies: with what it has not received still unread.
    void die() { socket_ = OwnedFd(); }

  private:
    std::optional<wire::Frame> next_frame() {
        incoming_.erase(0, taken_);
        taken_ = 0;
        std::array<char, 65536> some;
        ssize_t got = 0;
        while ((got = ::recv(socket_.get(), some.data(), some.size(), MSG_DONTWAIT)) > 0) {
            incoming_.append(some.data(), static_cast<std::size_t>(got));
        }
        std::string_view rest = incoming_;
        const auto frame = wire::take_frame(rest).value();
        taken_ = incoming_.size() - rest.size();
        return frame;
    }

    OwnedFd socket_;
    wire::RequestSlots slots_ = wire::RequestSlots::create().value();
    std::string incoming_;
    std::size_t taken_ = 0;
};

}  // namespace bundle
