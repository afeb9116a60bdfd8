// What is counted of requests and connections, for /metrics and `bundle status`: plain numbers of
// one thread. Which of them a request adds to is found when the configuration is read.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "frontend/observe/access_record.hpp"
#include "frontend/request/limit.hpp"

namespace bundle {

class Histogram {
  public:
    using Length = std::chrono::nanoseconds;
    // In milliseconds; one more bucket has what is longer.
    static constexpr std::array<std::uint32_t, 14> kBounds = {
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1'000, 2'000, 5'000, 10'000, 30'000};

    void add(Length length) {
        constexpr std::int64_t kMs = 1'000'000;
        std::size_t bucket = 0;
        while (bucket < kBounds.size() && length.count() > kBounds[bucket] * kMs) ++bucket;
        ++buckets_[bucket];
        sum_ += length;
    }
    // Not the buckets below it.
    [[nodiscard]] std::uint64_t in_bucket(std::size_t bucket) const { return buckets_[bucket]; }
    [[nodiscard]] Length sum() const { return sum_; }
    [[nodiscard]] std::uint64_t count() const;
    // About so many seconds the quickest `share` of them took at most; the last bound where it is
    // more than that.
    [[nodiscard]] double quantile(double share) const;

  private:
    std::array<std::uint64_t, kBounds.size() + 1> buckets_{};
    Length sum_{};
};

// The parts of a request's time that are counted, by their names.
inline constexpr std::array<std::pair<TimePart, std::string_view>, 6> kCountedParts = {
    {{TimePart::Read, "read"},
     {TimePart::Queue, "queue"},
     {TimePart::AppFirst, "app_first"},
     {TimePart::App, "app"},
     {TimePart::Send, "send"},
     {TimePart::Total, "total"}}
};

// Of the requests of one route.
struct RouteCounters {
    std::array<std::uint64_t, 6> by_class{};  // [4]: of status 4xx; [0]: of none of them
    std::uint64_t bytes_sent = 0;
    std::array<Histogram, kCountedParts.size()> parts{};

    void count(std::uint16_t status, std::uint64_t bytes, const RequestTimes& times);
};

// Why a request left a queue without having been given to a worker.
enum class QueueDrop : std::uint8_t { Full, Share, Timeout, ClientLeft };
inline constexpr std::array<std::string_view, 4> kQueueDrops = {"full", "share", "timeout",
                                                                "client left"};

// Of the requests of one application.
struct AppCounters {
    std::chrono::nanoseconds busy{};  // time that workers had them
    Histogram waits{};                // in its queue, of those that a worker had
    std::array<std::uint64_t, kQueueDrops.size()> drops{};

    void dropped(QueueDrop why) { ++drops[static_cast<std::size_t>(why)]; }
};

// Those of all routes and applications there ever were, by their names: they go on when the
// configuration is read anew.
class CounterTable {
  public:
    using RouteName = std::pair<std::string, std::string>;  // its site's, and its path

    std::shared_ptr<RouteCounters> of_route(const std::string& site, const std::string& route);
    std::shared_ptr<AppCounters> of_app(const std::string& name);
    [[nodiscard]] const std::map<RouteName, std::shared_ptr<RouteCounters>>& routes() const {
        return routes_;
    }

  private:
    std::map<RouteName, std::shared_ptr<RouteCounters>> routes_;
    std::map<std::string, std::shared_ptr<AppCounters>> apps_;
};

// Of the whole front.
struct FrontCounters {
    std::uint64_t accepted = 0;  // connections
    std::uint64_t handshakes = 0;
    std::uint64_t handshake_failures = 0;
    std::array<std::uint64_t, kLimitCount> met{};  // limits, by requests
    std::uint64_t reloads = 0;
    std::uint64_t failed_reloads = 0;
    // By app and reason.
    std::map<std::pair<std::string, std::string>, std::uint64_t> worker_ends{};
    // By kind of process (front, arbiter) and reason, as the master counts them.
    std::map<std::pair<std::string, std::string>, std::uint64_t> restarts{};
};

}  // namespace bundle
