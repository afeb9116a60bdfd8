// Tells statsD of requests, by gunicorn's names (gunicorn/instrument/statsd.py) and with ours
// beside them. What is told in one turn of the loop goes out together; nobody waits for it to
// arrive.
//
//   gunicorn.requests:1|c|@1.0|#env:production
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "frontend/observe/access_record.hpp"
#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"
#include "shared/base/socket_address.hpp"
#include "shared/config/config.hpp"

namespace bundle {

class Statsd {
  public:
    static Result<Statsd> create(const StatsdConfig& config);

    // Of one that an application was asked for.
    void request(std::uint16_t status, const RequestTimes& times);
    void gauge(std::string_view name, std::uint64_t value);
    void histogram(std::string_view name, std::uint64_t value);
    void count(std::string_view name, std::uint64_t times = 1);
    void flush();

  private:
    Statsd() = default;
    void time(std::string_view name, std::optional<RequestTimes::Length> length);
    void begin(std::string_view name);
    void end();

    OwnedFd socket_;
    SocketAddress address_;
    std::string prefix_;     // ends in a dot, or is empty
    std::string tags_;       // "|#env:production", or empty
    std::string pending_;    // lines
    std::size_t sends_ = 0;  // of pending_, as a datagram of its own
};

// "bundle.conn.waiting_for_a_request" of what people are told: a name has no spaces, and its dots
// are levels.
std::string statsd_name(std::string_view prefix, std::string_view words);

}  // namespace bundle
