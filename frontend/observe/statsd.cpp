#include "frontend/observe/statsd.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <cstring>

#include "frontend/observe/log_text.hpp"
#include "shared/config/listen_address.hpp"

namespace bundle {

namespace {

// What an Ethernet carries in one packet, with room for the headers of IPv6.
constexpr std::size_t kLargest = 1432;

template <typename Address>
socklen_t write_address(const Address& address, sockaddr_storage& to) {
    std::memcpy(&to, &address, sizeof address);
    return sizeof address;
}

socklen_t write_udp(const TcpAddress& udp, sockaddr_storage& to) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(udp.port);
    if (inet_pton(AF_INET, udp.host.c_str(), &v4.sin_addr) == 1) return write_address(v4, to);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(udp.port);
    inet_pton(AF_INET6, udp.host.c_str(), &v6.sin6_addr);
    return write_address(v6, to);
}

socklen_t write_unix(const UnixAddress& path, sockaddr_storage& to) {
    sockaddr_un local{};
    local.sun_family = AF_UNIX;
    path.path.copy(static_cast<char*>(local.sun_path), sizeof local.sun_path - 1);
    return write_address(local, to);
}

}  // namespace

Result<Statsd> Statsd::create(const StatsdConfig& config) {
    Statsd statsd;
    TRY_ASSIGN(const ListenAddress address, parse_listen_address(config.address));
    if (const auto* path = std::get_if<UnixAddress>(&address)) {
        statsd.address_size_ = write_unix(*path, statsd.address_);
    } else {
        statsd.address_size_ = write_udp(std::get<TcpAddress>(address), statsd.address_);
    }
    statsd.socket_ =
        OwnedFd(socket(statsd.address_.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!statsd.socket_) return system_failure("create a socket for statsD");
    statsd.prefix_ = config.prefix;
    if (!statsd.prefix_.empty() && !statsd.prefix_.ends_with('.')) statsd.prefix_ += '.';
    for (const auto& [name, value] : config.tags)
        statsd.tags_ += fmt::format("{}{}:{}", statsd.tags_.empty() ? "|#" : ",", name, value);
    return statsd;
}

void Statsd::request(std::uint16_t status, const RequestTimes& times) {
    if (const auto in_app = times.of(TimePart::App)) {
        time("gunicorn.request.duration", in_app);
        count("gunicorn.requests");
        count(fmt::format("gunicorn.request.status.{}", status));
    }
    time("bundle.request.read", times.of(TimePart::Read));
    time("bundle.queue.wait", times.of(TimePart::Queue));
    time("bundle.request.send", times.of(TimePart::Send));
}

void Statsd::gauge(std::string_view name, std::uint64_t value) {
    begin(name);
    append_number(pending_, value);
    pending_ += "|g";
    end();
}

void Statsd::count(std::string_view name) {
    begin(name);
    pending_ += "1|c|@1.0";
    end();
}

void Statsd::time(std::string_view name, std::optional<RequestTimes::Length> length) {
    if (!length) return;
    begin(name);
    append_decimal(pending_, static_cast<std::uint64_t>(length->count() / 1000), 3);
    pending_ += "|ms";
    end();
}

void Statsd::begin(std::string_view name) {
    pending_ += prefix_;
    pending_ += name;
    pending_ += ':';
}

// Sends what stands before this line when both are too much for one datagram.
void Statsd::end() {
    pending_ += tags_;
    pending_ += '\n';
    if (pending_.size() > kLargest && sends_ > 0) {
        std::string line = pending_.substr(sends_);
        pending_.resize(sends_);
        flush();
        pending_ = std::move(line);
    }
    sends_ = pending_.size();
}

// What cannot be sent now is not worth waiting for.
void Statsd::flush() {
    if (pending_.empty()) return;
    pending_.pop_back();  // no line follows
    sendto(socket_.get(), pending_.data(), pending_.size(), MSG_NOSIGNAL,
           reinterpret_cast<const sockaddr*>(&address_), address_size_);
    pending_.clear();
    sends_ = 0;
}

}  // namespace bundle
