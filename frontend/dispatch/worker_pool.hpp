// The workers of one application and the requests that wait for them: a request goes to an idle
// worker or waits.
//
// While requests wait, a worker that is quick gets its next one ahead, and finds it without going
// to sleep. That one still waits for whoever is free first: it is taken back for a worker that
// becomes idle, and from one whose present request, or what it has to close of the last one, turns
// out to take long.
//
// The worker that became idle last gets the next request: its caches are warm, and the others may
// sleep. Where workers have threads, each of which has a link of its own, the worker with the most
// idle ones comes first: threads of one process take turns at running Python, processes do not.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "frontend/dispatch/app_queue.hpp"
#include "frontend/dispatch/deadline_timer.hpp"
#include "frontend/dispatch/worker_demand.hpp"
#include "frontend/dispatch/worker_link.hpp"
#include "shared/config/config.hpp"

namespace bundle {

// A worker, as far as its links tell.
struct WorkerProcess {
    std::uint32_t pid = 0;
    std::uint32_t links = 0;  // one for each of its threads
    std::uint32_t idle = 0;   // of these
    bool doomed = false;      // a request passed its deadline there, and the arbiter will end it
};

class WorkerPool {
  public:
    using Moment = std::chrono::steady_clock::time_point;

    explicit WorkerPool(const AppConfig& config);  // which outlives the pool
    // Before the first request comes; the timer outlives the pool.
    void keep_deadlines_with(DeadlineTimer& timer) { deadlines_ = &timer; }

    // Hands the request to a worker, or queues it, or refuses it through its sink.
    void submit(AppRequest& request);
    // Its client left: out of the queue, or its worker's answer goes nowhere.
    void withdraw(AppRequest& request);

    void add(std::unique_ptr<WorkerLink> link);
    void free(WorkerLink& link);
    void retire(WorkerLink& link);
    // After a reload: what waits here, and what comes back from workers that die, goes to `heir`,
    // the pool of the same application; the workers leave as they become idle.
    void retire_to(WorkerPool& heir);
    // The same, for an application that is no more, when nothing waits here and nothing can come.
    void retire_all();
    [[nodiscard]] WorkerPool& heir() { return heir_ != nullptr ? *heir_ : *this; }
    // Requests wait, however long, for workers of the next generation, or to be let go.
    void hold();
    void let_go();
    // Destroys the link. Its requests go to the head of the queue, to another worker once, or are
    // refused.
    void lost(WorkerLink& link);

    // The log of every worker goes to `fd`, the `opening`-th; of those that are not told yet.
    void continue_logs_in(int fd, std::uint32_t opening);

    // Processes that have not begun a request for as long as it might have taken, and have not come
    // back since: the arbiter is to end them.
    std::vector<std::uint32_t> take_unresponsive(Moment now);

    // Looked at a few times in a second.
    void refuse_expired(std::chrono::steady_clock::time_point now);
    // Answers the requests whose deadline has passed, and gives their workers no others. Returns
    // the earliest deadline that is left.
    Moment end_overdue(Moment now);

    [[nodiscard]] const AppConfig& config() const { return *config_; }
    [[nodiscard]] std::uint32_t worker_count() const {
        return static_cast<std::uint32_t>(processes_.size());
    }
    [[nodiscard]] std::string why_not_ready() const;
    // Looked at as often: whether it should have more workers, or fewer.
    std::optional<WorkerDemand::Wish> wish(Moment now);
    // How many the master wants; for the status.
    void want(std::uint32_t workers) { wanted_ = workers; }
    [[nodiscard]] std::uint32_t wanted() const { return wanted_; }
    [[nodiscard]] const std::vector<std::unique_ptr<RouteLane>>& lanes() const {
        return queue_.lanes();
    }
    [[nodiscard]] std::size_t waiting() const { return queue_.size(); }
    // When the oldest of those began to wait.
    [[nodiscard]] std::optional<Moment> oldest() const { return queue_.waits_since(); }
    [[nodiscard]] const std::vector<std::unique_ptr<WorkerLink>>& links() const { return links_; }

  private:
    // False: no worker can take it now.
    bool hand_over(AppRequest& request);
    bool send(AppRequest& request, WorkerLink& link);
    void take_over(AppRequest& request);
    void serve_queue();
    void go_ahead(WorkerLink& link);
    AppRequest* next();
    AppRequest* take_back(std::chrono::milliseconds at_least_ahead_for);
    // It was in the hands of a worker, and goes before all others.
    void put_back(AppRequest& request);
    void make_room_for(const AppRequest& newcomer);
    static void refuse(AppRequest& request, const Refusal& refusal);
    void tell_overload();
    void settle(AppRequest& request, bool begun);
    WorkerProcess& process_of(std::uint32_t pid);
    [[nodiscard]] WorkerLink& best_idle() const;
    void becomes_idle(WorkerLink& link);
    void no_longer_idle(WorkerLink& link);
    void doom(WorkerProcess& process);
    bool still_doomed(WorkerProcess& process);
    void give_up(WorkerLink& link);
    void wait_again(AppRequest& request);

    const AppConfig* config_;
    std::uint32_t wanted_;
    DeadlineTimer* deadlines_ = nullptr;
    WorkerPool* heir_ = nullptr;
    bool retiring_ = false;
    bool holding_ = false;
    AppQueue queue_;
    bool told_overload_ = false;
    std::vector<std::unique_ptr<WorkerProcess>> processes_;
    std::vector<std::unique_ptr<WorkerLink>> links_;
    struct Unresponsive {
        std::uint32_t pid = 0;
        Moment until;  // it may still come back
    };
    std::vector<Unresponsive> unresponsive_;
    WorkerDemand demand_;
    std::size_t least_idle_ = 0;      // since the demand was looked at
    std::vector<WorkerLink*> idle_;   // what became idle last stands last
    std::vector<WorkerLink*> ahead_;  // that may have a request ahead
};

}  // namespace bundle
