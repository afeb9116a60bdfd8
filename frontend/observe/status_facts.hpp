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
#include "shared/config/config.hpp"

namespace bundle {

using FloatSeconds = std::chrono::duration<double>;

// One serving thread of a worker.
struct WorkerFacts {
    std::uint32_t slot = 0;
    std::uint32_t pid = 0;
    std::uint32_t generation = 0;
    bool leaving = false;  // gets no new request
    bool busy = false;
    std::string request{};  // "GET /cart"; "": nobody wants its answer any more
    std::string request_id{};
    FloatSeconds busy_for{};
    std::optional<std::uint64_t> memory{};  // bytes that are resident; of its first thread only
};

struct AppStatus {
    std::string name;
    WorkerRange configured;  // workers; `bundle scale` may have changed that
    std::uint32_t threads = 1;
    std::chrono::milliseconds slow_after{};  // zero: never
    std::vector<WorkerFacts> workers{};
    std::size_t waiting = 0;
    std::uint32_t most_waiting = 0;
    FloatSeconds oldest{};  // so long the first of them has waited
    FloatSeconds busy{};    // of all workers, ever
    std::array<std::uint64_t, kQueueDrops.size()> drops{};
    [[nodiscard]] std::size_t count_busy() const;
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
