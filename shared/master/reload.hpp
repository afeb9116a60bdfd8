// How far a reload is: plain data. Events and the time go in, orders come out; the master carries
// them out.
//
//   Preparing -> Announcing -> Booting -> Committed
//       |            |            |
//       +------------+------------+-----> Failed
//
// Preparing: the front builds what the new file says beside what serves. Announcing: the old
// arbiters call their hook on_reload. Booting: the new arbiters load the applications, their
// workers connect. Nothing that serves is touched before Commit, and nothing can fail after it.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/exit_status.hpp"

namespace bundle {

class Reload {
  public:
    using Moment = std::chrono::steady_clock::time_point;
    using Duration = std::chrono::milliseconds;

    static constexpr Duration kPrepareTimeout{10'000};
    static constexpr Duration kAnnounceTimeout{10'000};
    // Beyond boot_timeout: an arbiter and a worker that take longer end by themselves, and tell
    // where they stand.
    static constexpr Duration kBootGrace{3'000};
    // When enough workers are there to serve, the others get so long to make the generation
    // complete: whoever serves with fewer workers than before makes its clients wait.
    static constexpr Duration kGatherTimeout{5'000};

    struct App {
        std::string name;
        std::uint32_t workers = 0;    // complete
        std::uint32_t min_ready = 1;  // enough to serve
        Duration boot_timeout{};
        std::uint32_t ready = 0;
    };

    enum class Stage { Preparing, Announcing, Booting, Committed, Failed };
    enum class Order { Announce, Boot, Commit, Abandon };

    // `announced`: how many arbiters are told of it.
    Reload(std::vector<App> apps, std::size_t announced, Moment now);

    // What is to be done now, if anything.
    std::optional<Order> due(Moment now);
    [[nodiscard]] std::optional<Moment> next_due() const { return deadline_; }

    void front_prepared(Moment now);
    // An arbiter has answered to Announce, or is gone.
    void arbiter_noted(Moment now);
    void workers_ready(std::size_t app, std::uint32_t count, Moment now);
    // Only the first reason counts: what follows from it is no news.
    void fail(std::string reason, int exit_status = kExitFailed);

    [[nodiscard]] Stage stage() const { return stage_; }
    [[nodiscard]] const std::vector<App>& apps() const { return apps_; }
    // When it has failed.
    [[nodiscard]] const std::string& reason() const { return reason_; }
    [[nodiscard]] int exit_status() const { return exit_status_; }

  private:
    void announce(Moment now);
    void boot(Moment now);
    void expire();
    [[nodiscard]] bool enough() const;
    [[nodiscard]] bool complete() const;

    Stage stage_ = Stage::Preparing;
    std::vector<App> apps_;
    std::size_t not_noted_;
    std::optional<Moment> deadline_;
    Duration boot_timeout_{};  // the longest of all apps
    std::optional<Moment> boot_deadline_;
    std::optional<Order> order_;
    std::string reason_;
    int exit_status_ = kExitFailed;
};

}  // namespace bundle
