// When a worker has done enough and another one takes its place: decisions only. It starts no
// process and sends no signal.
//
// A leak in the application or in one of its libraries makes workers grow until the machine is
// short of memory. Replacing them now and then, one at a time and the next one first, costs nobody
// a request.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "shared/base/bytes.hpp"
#include "shared/config/config.hpp"

namespace bundle {

class Recycling {
  public:
    using Moment = std::chrono::steady_clock::time_point;

    // How often memory and age are looked at.
    static constexpr std::chrono::seconds kLookEvery{2};

    // What is known of a worker without asking the kernel.
    struct Worker {
        std::uint32_t slot = 0;
        Moment born;
        std::uint64_t requests = 0;
        bool busy = false;
    };

    Recycling(const AppConfig& app, std::uint32_t slots);

    // A new worker. Returns after how many requests it is replaced, its jitter included; 0: never.
    std::uint64_t born(std::uint32_t slot);

    // Whether the workers' age and memory are to be looked at now; that is then done.
    [[nodiscard]] bool looks(Moment now);
    [[nodiscard]] std::optional<Moment> next_look() const;
    [[nodiscard]] bool limits_memory() const { return max_memory_ != Bytes{}; }
    // Memory that is looked at in the middle of a request may be that request's own: then it takes
    // two looks in a row.
    void note_memory(const Worker& worker, Bytes memory);

    // Why it should be replaced, for the log: "served 1000 requests"; nothing: it need not be.
    [[nodiscard]] std::optional<std::string> reason(const Worker& worker, Moment now) const;

  private:
    struct Notes {
        std::uint64_t max_requests = 0;  // 0: unlimited
        Bytes memory;
        int above = 0;  // points for being above max_rss; two are enough
    };

    std::uint32_t max_requests_;
    std::uint32_t jitter_;
    std::chrono::milliseconds max_age_;
    Bytes max_memory_;
    std::vector<Notes> notes_;
    Moment looked_;
    std::minstd_rand random_;
};

}  // namespace bundle
