// The way to syslog or journald. Messages are sent at once or not at all: nobody waits for the
// other side, and what it does not take is lost and counted.
//
// A datagram goes to the address anew each time, so that a service which was started again has the
// next one. A stream (TCP, or a unix socket that is one) is connected again when it broke, once a
// second at most, and keeps a few messages meanwhile.
#pragma once
#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>

#include "shared/base/log_service/log_message.hpp"
#include "shared/base/owned_fd.hpp"

namespace bundle {

class LogSocket {
  public:
    // `patience`: for so long a stream may take to be connected at first.
    LogSocket(LogService service, std::chrono::milliseconds patience);
    LogSocket(const LogSocket&) = delete;
    LogSocket& operator=(const LogSocket&) = delete;
    ~LogSocket();

    [[nodiscard]] const LogService& service() const { return service_; }
    void send(std::string_view message);
    // What a stream has not taken yet.
    void flush();
    [[nodiscard]] bool is_waiting() const { return !frames_.empty(); }
    [[nodiscard]] std::uint64_t lost() const { return lost_; }

  private:
    using Clock = std::chrono::steady_clock;
    void open_datagrams();
    void connect(std::chrono::milliseconds patience);
    void send_datagram(std::string_view message);
    void enqueue(std::string_view message);
    void send_frames();
    void drop_first();

    LogService service_;
    std::chrono::milliseconds patience_;
    OwnedFd socket_;
    pid_t owner_;                     // a stream is one process's; a child has its own
    Clock::time_point retry_;         // not before
    std::deque<std::string> frames_;  // of a stream; of the first some may have been sent
    std::size_t sent_ = 0;            // of the first
    std::size_t waiting_ = 0;         // bytes of all
    std::atomic<std::uint64_t> lost_ = 0;
    std::mutex one_at_a_time_;  // threads of a worker
};

}  // namespace bundle
