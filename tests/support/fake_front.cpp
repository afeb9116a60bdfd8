#include "tests/support/fake_front.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <stdexcept>

#include "shared/wire/descriptor_socket.hpp"
#include "shared/wire/inherited.hpp"
#include "tests/support/deadline.hpp"

namespace bundle {

namespace {

template <typename T>
T valued(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().message);
    return std::move(*result);
}

void succeed(const Result<void>& result) {
    if (!result) throw std::runtime_error(result.error().message);
}

}  // namespace

FakeFront::FakeFront(const std::filesystem::path& run_directory)
    : listener_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const std::string path = run_directory / wire::kWorkerSocketName;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    if (bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        listen(listener_.get(), 64) != 0)
        throw std::runtime_error("listen at " + path);
}

FakeLink FakeFront::accept() {
    await_readable(listener_.get(), "a worker to connect");
    return FakeLink(OwnedFd(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)));
}

bool FakeLink::receive_more() {
    await_readable(socket_.get(), "a frame of a worker");
    std::array<char, 65536> piece{};
    const ssize_t got = wire::receive(socket_.get(), piece, descriptors_);
    if (got <= 0) return false;
    received_.append(piece.data(), static_cast<std::size_t>(got));
    return true;
}

// Valid until the next call.
wire::Frame FakeLink::next_frame() {
    received_.erase(0, taken_);
    taken_ = 0;
    for (;;) {
        std::string_view unread = received_;
        const auto frame = valued(wire::take_frame(unread));
        if (frame) {
            taken_ = received_.size() - unread.size();
            if ((*frame).header.type != wire::FrameType::Metrics) return *frame;
            descriptors_.pop_front();
            return next_frame();
        }
        if (!receive_more()) throw std::runtime_error("the worker closed its connection");
    }
}

Introduction FakeLink::introduction() {
    const wire::Frame frame = next_frame();
    if (frame.header.type != wire::FrameType::Hello) throw std::runtime_error("no Hello came");
    const wire::Hello hello = valued(wire::decode_hello(frame.payload));
    slots_.emplace(valued(wire::RequestSlots::open(std::move(descriptors_.front()))));
    descriptors_.pop_front();
    return {std::string(hello.app), hello.generation, static_cast<pid_t>(hello.pid), hello.slot};
}

void FakeLink::send(const std::string& bytes) {
    if (wire::send_with_descriptor(socket_.get(), bytes, -1) != static_cast<ssize_t>(bytes.size()))
        throw std::runtime_error("the worker takes no frame");
}

void FakeLink::send_request(const std::string& path, Offer offer, wire::Moment deadline) {
    const std::string id = "request-" + std::to_string(++stream_);
    std::string frame;
    succeed(wire::encode(frame, wire::Request{.stream = stream_,
                                              .request_id = id,
                                              .method = "GET",
                                              .target = path,
                                              .path = path,
                                              .query = "",
                                              .mount = "",
                                              .protocol = "HTTP/1.1",
                                              .scheme = "http",
                                              .server_name = "test.example",
                                              .server_port = "80",
                                              .remote_addr = "127.0.0.1",
                                              .remote_port = "4711",
                                              .received = std::chrono::steady_clock::now(),
                                              .queued = std::chrono::steady_clock::now(),
                                              .deadline = deadline,
                                              .fields = {{"host", "test.example"}},
                                              .tls = {},
                                              .body_place = wire::BodyPlace::None,
                                              .body_length = 0,
                                              .body = {}}));
    if (offer == Offer::Stands) slots_->offer(stream_);
    send(frame);
}

WorkerAnswer FakeLink::answer() {
    WorkerAnswer answer;
    wire::AnswerHead head;
    for (;;) {
        const wire::Frame frame = next_frame();
        if (frame.header.stream != stream_) continue;
        switch (frame.header.type) {
            case wire::FrameType::AnswerHead:
                succeed(wire::decode_answer_head(frame.payload, head));
                answer.status = head.status;
                break;
            case wire::FrameType::Data:
                answer.body += frame.payload;
                break;
            case wire::FrameType::End:
                answer.outcome = valued(wire::decode_end(frame.payload)).outcome;
                return answer;
            default:
                break;
        }
    }
}

void FakeLink::expect_end() {
    while (receive_more()) {
    }
    std::string_view unread = std::string_view(received_).substr(taken_);
    while (!unread.empty())
        if (valued(wire::take_frame(unread)).value().header.type != wire::FrameType::Metrics)
            throw std::runtime_error("the worker sent more than was expected");
}

}  // namespace bundle
