// What goes on in this bundle at one moment, as the front knows it: gathered when somebody asks,
// and told in three ways (metrics_text.hpp, status_json.hpp, status_text.hpp).
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/observe/counters.hpp"
#include "frontend/observe/recent_events.hpp"
#include "frontend/observe/traffic.hpp"
#include "shared/status/worker_facts.hpp"

namespace bundle {

// Of a route that bounds how many of its requests are at workers.
struct BoundedRoute {
    std::string name;
    std::uint32_t in_flight = 0;
    std::uint32_t most_in_flight = 0;
    std::size_t waiting = 0;
};

struct AppStatus : AppWorkers {
    std::chrono::milliseconds slow_after{};  // zero: never
    std::size_t waiting = 0;
    std::uint32_t most_waiting = 0;
    FloatSeconds oldest{};  // so long the first of them has waited
    FloatSeconds busy{};    // of all workers, ever
    Histogram waits{};      // of all requests that a worker had, ever
    std::array<std::uint64_t, kQueueDrops.size()> drops{};
    std::vector<BoundedRoute> bounded{};
};

struct CertificateStatus {
    std::string file;
    std::vector<std::string> names;
    std::chrono::system_clock::time_point not_after;
};

struct StatusFacts {
    std::string name;
    std::uint32_t generation = 0;
    std::chrono::system_clock::time_point now;
    std::chrono::system_clock::time_point started;            // the master
    std::string why_not_ready{};                              // "": it is ready
    std::map<std::string_view, std::uint64_t> connections{};  // by what they do
    std::uint32_t most_connections = 0;
    std::vector<AppStatus> apps{};
    std::vector<CertificateStatus> certificates{};
    std::uint64_t spool_bytes = 0;
    std::uint64_t lost_log_lines = 0;
    std::optional<std::uint64_t> front_memory{};  // bytes that are resident
    std::uint64_t lost_error_lines = 0;
    const FrontCounters* counters = nullptr;
    const CounterTable* table = nullptr;
    const Traffic* traffic = nullptr;
    const RecentEvents* events = nullptr;
};

}  // namespace bundle
