#include "frontend/observe/statsd.hpp"

#include <fmt/format.h>

#include "frontend/observe/log_text.hpp"
#include "shared/config/socket_address.hpp"

namespace bundle {

namespace {

// What an Ethernet carries in one packet, with room for the headers of IPv6.
constexpr std::size_t kLargest = 1432;

}  // namespace

Result<Statsd> Statsd::create(const StatsdConfig& config) {
    Statsd statsd;
    TRY_ASSIGN(const ListenAddress address, parse_listen_address(config.address));
    statsd.address_ = socket_address(address);
    statsd.socket_ =
        OwnedFd(socket(statsd.address_.family(), SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
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

void Statsd::histogram(std::string_view name, std::uint64_t value) {
    begin(name);
    append_number(pending_, value);
    pending_ += "|h";
    end();
}

void Statsd::count(std::string_view name, std::uint64_t times) {
    begin(name);
    append_number(pending_, times);
    pending_ += "|c|@1.0";
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
    sendto(socket_.get(), pending_.data(), pending_.size(), MSG_NOSIGNAL, address_.get(),
           address_.size);
    pending_.clear();
    sends_ = 0;
}

std::string statsd_name(std::string_view prefix, std::string_view words) {
    std::string name(prefix);
    for (const char c : words) {
        const bool is_plain =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        name += is_plain ? c : '_';
    }
    return name;
}

}  // namespace bundle
