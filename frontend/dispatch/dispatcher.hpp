// Where workers come in and requests go out: the private listener that workers connect to, and a
// pool for each application and generation. Requests go to the generation that serves; workers of
// the next one wait for its turn, those of earlier ones end what they have.
#pragma once
#include <sys/types.h>
#include <uv.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "frontend/client/uv_owner.hpp"
#include "frontend/dispatch/app_pools.hpp"
#include "frontend/dispatch/deadline_timer.hpp"
#include "frontend/observe/app_metrics.hpp"
#include "shared/base/owned_fd.hpp"
#include "shared/config/config.hpp"

namespace bundle {

class Dispatcher final : public WorkerLinkOwner {
  public:
    // Called when the number of connected workers of an application changes, of the generation
    // that serves or of the next.
    using WorkersChanged =
        std::function<void(std::uint32_t generation, const AppConfig& app, std::uint32_t workers)>;

    // `listener` is listening already.
    Dispatcher(uv_loop_t* loop, OwnedFd listener, AppPools pools, WorkersChanged changed);
    // Called when a worker is done with a request whose client had left.
    using LeftEnded = std::function<void(const AppConfig& app, const LeftRequest& left)>;
    void on_left_ended(LeftEnded ended) { left_ended_ = std::move(ended); }
    // From now on workers come to this one.
    void listen_on(OwnedFd listener);
    Dispatcher(const Dispatcher&) = delete;
    Dispatcher& operator=(const Dispatcher&) = delete;
    ~Dispatcher();

    void submit(AppRequest& request);
    void withdraw(AppRequest& request);
    // The sink that was full has room again.
    static void resume(AppRequest& request) {
        if (request.worker != nullptr) request.worker->resume();
    }
    // No worker has begun it.
    static bool waits(const AppRequest& request) {
        return request.in_queue || (request.worker != nullptr && request.worker->is_ahead(request));
    }
    // The client has ended its side of the connection.
    static void client_ended(AppRequest& request) {
        if (request.worker != nullptr) request.worker->client_ended(request);
    }
    // From now on workers of that generation are welcome.
    void prepare(AppPools next);
    // It serves.
    void commit();
    void abandon();

    // The master wants so many workers of `app`; for the status.
    void want(std::string_view app, std::uint32_t workers) const {
        if (WorkerPool* pool = current_.find(app)) pool->want(workers);
    }
    // Requests wait from now on, also behind a commit, until they are let go.
    void hold();
    void let_go();

    // Of all workers, also of those that come later: they may have begun with the one before.
    void continue_logs_in(OwnedFd error_log);

    // The pools of the generation that serves, and of earlier ones that still have workers.
    [[nodiscard]] const AppPools& pools() const { return current_; }
    [[nodiscard]] const std::vector<AppPools>& earlier_pools() const { return earlier_; }
    // Of all workers there are and were.
    [[nodiscard]] AppMetrics app_metrics() const;
    // What keeps an application from taking requests; "" when nothing does.
    [[nodiscard]] std::string why_not_ready() const;
    // Refuses what has waited for too long, and looks again for workers that could not be accepted.
    void sweep(std::chrono::steady_clock::time_point now);
    // Likewise: of the generation that serves, who should have more workers, or fewer.
    using WorkersWanted = std::function<void(const AppConfig& app, const WorkerDemand::Wish& wish)>;
    void tell_wishes(std::chrono::steady_clock::time_point now, const WorkersWanted& wanted) const;
    // Likewise: workers that begin nothing, and are to be ended.
    using WorkerUnresponsive = std::function<void(const AppConfig& app, std::uint32_t pid)>;
    void tell_unresponsive(std::chrono::steady_clock::time_point now,
                           const WorkerUnresponsive& tell) const;
    // Answers requests whose deadline has passed; returns the earliest that is left.
    DeadlineTimer::Moment end_overdue(DeadlineTimer::Moment now);

  private:
    void watch_listener();
    void accept_workers();
    [[nodiscard]] AppPools* pools_of(std::uint32_t generation);
    WorkerPool& pool_for(const AppRequest& request);
    void tell_of_log();
    void let_earlier_ones_go(std::chrono::steady_clock::time_point now);
    void note_workers(std::uint32_t generation, const WorkerPool& pool, std::uint32_t before);
    bool worker_introduced(WorkerLink& link, const wire::Hello& hello) override;
    void worker_free(WorkerLink& link) override;
    void left_request_ended(const WorkerLink& link, const LeftRequest& left) override;
    void worker_retires(WorkerLink& link) override;
    void worker_lost(WorkerLink& link) override;

    uv_loop_t* loop_;
    OwnedFd listener_;
    UvOwner<uv_poll_t> poll_;
    WorkersChanged changed_;
    LeftEnded left_ended_;
    std::vector<uid_t> worker_users_;
    OwnedFd error_log_;              // none: the one that the workers began with
    std::uint32_t log_opening_ = 0;  // how often it was changed
    std::vector<char> slab_;         // what workers' sockets are read into, one at a time
    DeadlineTimer deadlines_;
    AppPools current_;
    std::optional<AppPools> next_;
    bool holding_ = false;
    std::vector<AppPools> earlier_;                       // until their last worker is gone
    AppMetrics former_metrics_;                           // of workers that are gone
    std::vector<std::unique_ptr<WorkerLink>> strangers_;  // connected, not yet introduced
};

}  // namespace bundle
