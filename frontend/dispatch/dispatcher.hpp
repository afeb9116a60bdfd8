// Where workers come in and requests go out: the private listener that workers connect to, and a
// pool for each application.
#pragma once
#include <sys/types.h>
#include <uv.h>

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "frontend/client/uv_owner.hpp"
#include "frontend/dispatch/deadline_timer.hpp"
#include "frontend/dispatch/worker_pool.hpp"
#include "shared/base/owned_fd.hpp"
#include "shared/config/config.hpp"

namespace bundle {

class Dispatcher final : public WorkerLinkOwner {
  public:
    // Called when the number of connected workers of an application changes.
    using WorkersChanged = std::function<void(const AppConfig& app, std::uint32_t workers)>;

    // `listener` is listening already; `config` outlives the dispatcher.
    Dispatcher(uv_loop_t* loop, OwnedFd listener, const Config& config, WorkersChanged changed);
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
    // What keeps an application from taking requests; "" when nothing does.
    [[nodiscard]] std::string why_not_ready() const;
    // Refuses what has waited for too long, and looks again for workers that could not be accepted.
    void sweep(std::chrono::steady_clock::time_point now);
    // Answers requests whose deadline has passed; returns the earliest that is left.
    DeadlineTimer::Moment end_overdue(DeadlineTimer::Moment now);

  private:
    void watch_listener();
    void accept_workers();
    bool worker_introduced(WorkerLink& link, const wire::Hello& hello) override;
    void worker_free(WorkerLink& link) override;
    void worker_retires(WorkerLink& link) override;
    void worker_lost(WorkerLink& link) override;

    uv_loop_t* loop_;
    OwnedFd listener_;
    UvOwner<uv_poll_t> poll_;
    WorkersChanged changed_;
    std::vector<uid_t> worker_users_;
    std::vector<char> slab_;  // what workers' sockets are read into, one at a time
    DeadlineTimer deadlines_;
    std::vector<WorkerPool> pools_;                       // in the order of Config::apps
    std::vector<std::unique_ptr<WorkerLink>> strangers_;  // connected, not yet introduced
};

}  // namespace bundle
