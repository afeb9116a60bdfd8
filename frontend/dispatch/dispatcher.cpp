#include "frontend/dispatch/dispatcher.hpp"

#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "shared/base/check.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace {

constexpr std::size_t kSlabSize = 256U << 10;

// The users that workers run as. What a process says of itself in Hello is not to be believed from
// anyone else.
void add_users_of_workers(const Config& config, std::vector<uid_t>& users) {
    users.push_back(getuid());
    for (const AppConfig& app : config.apps) {
        const std::string& user = app.user.empty() ? config.server.user : app.user;
        if (const passwd* entry = user.empty() ? nullptr : getpwnam(user.c_str())) {
            users.push_back(entry->pw_uid);
        }
        // Without a user of its own the arbiter keeps the master's, which is root when we were told
        // to drop.
        if (user.empty()) users.push_back(0);
    }
}

}  // namespace

Dispatcher::Dispatcher(uv_loop_t* loop, OwnedFd listener, AppPools pools, WorkersChanged changed)
    : loop_(loop),
      changed_(std::move(changed)),
      slab_(kSlabSize),
      deadlines_(loop, [this](auto now) { return end_overdue(now); }),
      current_(std::move(pools)) {
    current_.keep_deadlines_with(deadlines_);
    add_users_of_workers(*current_.config, worker_users_);
    listen_on(std::move(listener));
}

void Dispatcher::listen_on(OwnedFd listener) {
    if (listener_) accept_workers();  // who waits at the one before
    auto poll = std::make_unique<uv_poll_t>();
    BUNDLE_CHECK(uv_poll_init(loop_, poll.get(), listener.get()) == 0);
    poll_.reset(poll.release());
    poll_->data = this;
    listener_ = std::move(listener);
    watch_listener();
}

void Dispatcher::watch_listener() {
    if (uv_is_active(reinterpret_cast<uv_handle_t*>(poll_.get())) != 0) return;
    uv_poll_start(poll_.get(), UV_READABLE, [](uv_poll_t* handle, int, int) {
        if (handle->data != nullptr) static_cast<Dispatcher*>(handle->data)->accept_workers();
    });
}

Dispatcher::~Dispatcher() { uv_poll_stop(poll_.get()); }

void Dispatcher::submit(AppRequest& request) { pool_for(request).submit(request); }

// A request that began before a reload goes to the new workers of its application all the same.
WorkerPool& Dispatcher::pool_for(const AppRequest& request) {
    AppPools* const pools = pools_of(request.generation);
    BUNDLE_CHECK(pools != nullptr);  // they stay as long as a request has their snapshot
    return pools->pools[request.app]->heir();
}

AppPools* Dispatcher::pools_of(std::uint32_t generation) {
    if (generation == current_.generation) return &current_;
    if (next_ && generation == next_->generation) return &*next_;
    const auto found = std::ranges::find(earlier_, generation, &AppPools::generation);
    return found == earlier_.end() ? nullptr : &*found;
}

// Many a request was never submitted, and where there is no application there is no pool either.
void Dispatcher::withdraw(AppRequest& request) {
    const bool submitted = request.in_queue || request.worker != nullptr;
    if (submitted) request.pool->withdraw(request);
}

void Dispatcher::prepare(AppPools next) {
    add_users_of_workers(*next.config, worker_users_);
    next_.emplace(std::move(next));
    next_->keep_deadlines_with(deadlines_);
}

void Dispatcher::abandon() { next_.reset(); }

void Dispatcher::commit() {
    BUNDLE_CHECK(next_);
    earlier_.push_back(std::exchange(current_, std::move(*next_)));
    next_.reset();
    if (holding_) hold();
    for (const AppPools& before : earlier_) {
        for (const auto& pool : before.pools)
            if (WorkerPool* heir = current_.find(pool->config().name)) pool->retire_to(*heir);
    }
}

void Dispatcher::hold() {
    holding_ = true;
    for (const auto& pool : current_.pools) pool->hold();
}

void Dispatcher::let_go() {
    holding_ = false;
    for (const auto& pool : current_.pools) pool->let_go();
    // Of applications that are no more.
    for (const AppPools& before : earlier_)
        for (const auto& pool : before.pools) pool->let_go();
}

void Dispatcher::continue_logs_in(OwnedFd error_log) {
    error_log_ = std::move(error_log);
    ++log_opening_;
    tell_of_log();
}

void Dispatcher::tell_of_log() {
    if (!error_log_) return;
    const auto tell = [this](const AppPools& pools) {
        for (const auto& pool : pools.pools) pool->continue_logs_in(error_log_.get(), log_opening_);
    };
    tell(current_);
    if (next_) tell(*next_);
    std::ranges::for_each(earlier_, tell);
}

// Applications that are no more serve those requests that began before they went.
void Dispatcher::let_earlier_ones_go(std::chrono::steady_clock::time_point now) {
    for (const AppPools& before : earlier_) {
        for (const auto& pool : before.pools) {
            pool->refuse_expired(now);
            if (before.nothing_can_come() && pool->waiting() == 0) pool->retire_all();
        }
    }
    std::erase_if(earlier_, [](const AppPools& before) {
        return before.nothing_can_come() && before.empty();
    });
}

std::string Dispatcher::why_not_ready() const {
    for (const auto& pool : current_.pools)
        if (std::string why_not = pool->why_not_ready(); !why_not.empty()) return why_not;
    return {};
}

void Dispatcher::sweep(std::chrono::steady_clock::time_point now) {
    watch_listener();
    for (const auto& pool : current_.pools) pool->refuse_expired(now);
    let_earlier_ones_go(now);
    tell_of_log();
}

void Dispatcher::tell_wishes(std::chrono::steady_clock::time_point now,
                             const WorkersWanted& wanted) const {
    for (const auto& pool : current_.pools)
        if (const auto wish = pool->wish(now)) wanted(pool->config(), *wish);
}

void Dispatcher::tell_unresponsive(std::chrono::steady_clock::time_point now,
                                   const WorkerUnresponsive& tell) const {
    for (const auto& pool : current_.pools)
        for (const std::uint32_t pid : pool->take_unresponsive(now)) tell(pool->config(), pid);
}

DeadlineTimer::Moment Dispatcher::end_overdue(DeadlineTimer::Moment now) {
    DeadlineTimer::Moment earliest = DeadlineTimer::kNone;
    const auto end = [&](const AppPools& pools) {
        for (const auto& pool : pools.pools) earliest = std::min(earliest, pool->end_overdue(now));
    };
    end(current_);
    std::ranges::for_each(earlier_, end);
    return earliest;
}

void Dispatcher::accept_workers() {
    while (true) {
        OwnedFd socket(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (!socket) {
            // Without a free descriptor the worker waits in the backlog until the next sweep.
            if (errno != EAGAIN && errno != EINTR) uv_poll_stop(poll_.get());
            return;
        }
        ucred peer{};
        socklen_t size = sizeof peer;
        const bool known = getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
        if (!known || std::find(worker_users_.begin(), worker_users_.end(), peer.uid) ==
                          worker_users_.end()) {
            log_warn("a stranger connected as a worker and is sent away pid={} uid={}", peer.pid,
                     peer.uid);
            continue;
        }
        strangers_.push_back(std::make_unique<WorkerLink>(loop_, std::move(socket), slab_, *this));
    }
}

bool Dispatcher::worker_introduced(WorkerLink& link, const wire::Hello& hello) {
    const AppPools* const pools = pools_of(hello.generation);
    WorkerPool* const pool = pools != nullptr ? pools->find(hello.app) : nullptr;
    if (pool == nullptr) {
        log_warn(
            "a worker of an application that is not ours is sent away app={} generation={} pid={}",
            log_quoted(hello.app), hello.generation, hello.pid);
        // Of an earlier generation, when a reload and the end of a front came together.
        if (hello.generation < current_.generation) link.drain();
        return false;
    }
    link.generation = hello.generation;
    link.pool = pool;
    const auto own = std::find_if(strangers_.begin(), strangers_.end(),
                                  [&](const auto& stranger) { return stranger.get() == &link; });
    BUNDLE_CHECK(own != strangers_.end());
    const std::uint32_t before = pool->worker_count();
    pool->add(std::move(*own));
    strangers_.erase(own);
    log_debug("worker connected app={} pid={} slot={} generation={}", pool->config().name,
              hello.pid, hello.slot, hello.generation);
    note_workers(hello.generation, *pool, before);
    return true;
}

void Dispatcher::note_workers(std::uint32_t generation, const WorkerPool& pool,
                              std::uint32_t before) {
    const std::uint32_t now = pool.worker_count();
    if (now != before && generation >= current_.generation)
        changed_(generation, pool.config(), now);
}

void Dispatcher::worker_free(WorkerLink& link) { link.pool->free(link); }

void Dispatcher::left_request_ended(const WorkerLink& link, const LeftRequest& left) {
    if (left_ended_) left_ended_(link.pool->config(), left);
}

void Dispatcher::worker_retires(WorkerLink& link) { link.pool->retire(link); }

void Dispatcher::worker_lost(WorkerLink& link) {
    if (std::erase_if(strangers_, [&](const auto& stranger) { return stranger.get() == &link; }) >
        0)
        return;
    WorkerPool& pool = *link.pool;
    const std::uint32_t generation = link.generation;
    const std::uint32_t before = pool.worker_count();
    // A generation that may never serve says nothing of what a metric is.
    if (generation <= current_.generation)
        former_metrics_.add(pool.config().name, generation, link.metrics(),
                            AppMetrics::Worker::IsGone);
    pool.lost(link);
    note_workers(generation, pool, before);
}

AppMetrics Dispatcher::app_metrics() const {
    AppMetrics all = former_metrics_;
    const auto add = [&](const AppPools& pools) {
        for (const auto& pool : pools.pools)
            for (const auto& link : pool->links())
                all.add(pool->config().name, link->generation, link->metrics(),
                        AppMetrics::Worker::Lives);
    };
    add(current_);
    if (next_) add(*next_);
    std::ranges::for_each(earlier_, add);
    return all;
}

}  // namespace bundle
