#include "shared/base/log_service/log_socket.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace bundle {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kBetweenConnects{1000};
constexpr std::size_t kMostWaiting = 256U << 10;
constexpr int kFlags = MSG_DONTWAIT | MSG_NOSIGNAL;

}  // namespace

LogSocket::LogSocket(LogService service, milliseconds patience)
    : service_(std::move(service)), patience_(patience), owner_(getpid()) {
    if (service_.is_stream)
        connect(patience_);
    else
        open_datagrams();
}

LogSocket::~LogSocket() { flush(); }

void LogSocket::send(std::string_view message) {
    const std::lock_guard lock(one_at_a_time_);
    if (service_.is_stream)
        enqueue(message);
    else
        send_datagram(message);
}

void LogSocket::flush() {
    const std::lock_guard lock(one_at_a_time_);
    if (service_.is_stream) send_frames();
}

void LogSocket::open_datagrams() {
    socket_ =
        OwnedFd(::socket(service_.address.family(), SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

void LogSocket::send_datagram(std::string_view message) {
    const SocketAddress& to = service_.address;
    if (!socket_) open_datagrams();  // there was no descriptor left
    if (sendto(socket_.get(), message.data(), message.size(), kFlags, to.get(), to.size) >= 0)
        return;
    if (errno != EPROTOTYPE) {
        ++lost_;
        return;
    }
    service_.is_stream = true;  // that is how this path listens
    connect(patience_);
    enqueue(message);
}

void LogSocket::connect(milliseconds patience) {
    retry_ = Clock::now() + kBetweenConnects;
    const SocketAddress& to = service_.address;
    socket_ = OwnedFd(::socket(to.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (::connect(socket_.get(), to.get(), to.size) == 0) return;
    if (errno != EINPROGRESS) {
        socket_ = OwnedFd();
        return;
    }
    pollfd connected{.fd = socket_.get(), .events = POLLOUT, .revents = 0};
    if (patience > milliseconds::zero()) poll(&connected, 1, static_cast<int>(patience.count()));
}

void LogSocket::enqueue(std::string_view message) {
    if (getpid() != owner_) {  // what our parent has not sent is its own
        owner_ = getpid();
        frames_.clear();
        sent_ = waiting_ = 0;
        connect(patience_);
    }
    if (waiting_ + message.size() > kMostWaiting) {
        ++lost_;
    } else {
        frames_.push_back(fmt::format("{} {}", message.size(), message));
        waiting_ += frames_.back().size();
    }
    send_frames();
}

void LogSocket::send_frames() {
    while (!frames_.empty()) {
        if (!socket_ && Clock::now() >= retry_) connect(milliseconds::zero());
        if (!socket_) return;
        const std::string_view rest = std::string_view(frames_.front()).substr(sent_);
        const ssize_t taken = ::send(socket_.get(), rest.data(), rest.size(), kFlags);
        if (taken < 0 && errno == EINTR) continue;
        if (taken < 0 && errno == EAGAIN) return;
        if (taken < 0) {
            socket_ = OwnedFd();
            // Its beginning went to whom nobody can ask for it.
            if (sent_ > 0) ++lost_, drop_first();
            continue;
        }
        sent_ += static_cast<std::size_t>(taken);
        if (sent_ == frames_.front().size()) drop_first();
    }
}

void LogSocket::drop_first() {
    waiting_ -= frames_.front().size();
    frames_.pop_front();
    sent_ = 0;
}

}  // namespace bundle
