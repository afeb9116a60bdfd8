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
std::vector<uid_t> users_of_workers(const Config& config) {
    std::vector<uid_t> users = {getuid()};
    for (const AppConfig& app : config.apps) {
        const std::string& user = app.user.empty() ? config.server.user : app.user;
        if (const passwd* entry = user.empty() ? nullptr : getpwnam(user.c_str())) {
            users.push_back(entry->pw_uid);
        }
        // Without a user of its own the arbiter keeps the master's, which is root when we were told
        // to drop.
        if (user.empty()) users.push_back(0);
    }
    return users;
}

}  // namespace

Dispatcher::Dispatcher(uv_loop_t* loop, OwnedFd listener, const Config& config,
                       WorkersChanged changed)
    : loop_(loop),
      listener_(std::move(listener)),
      changed_(std::move(changed)),
      worker_users_(users_of_workers(config)),
      slab_(kSlabSize),
      deadlines_(loop, [this](auto now) { return end_overdue(now); }) {
    pools_.reserve(config.apps.size());
    for (const AppConfig& app : config.apps) pools_.emplace_back(app, deadlines_);
    auto poll = std::make_unique<uv_poll_t>();
    BUNDLE_CHECK(uv_poll_init(loop, poll.get(), listener_.get()) == 0);
    poll_.reset(poll.release());
    poll_->data = this;
    watch_listener();
}

void Dispatcher::watch_listener() {
    if (uv_is_active(reinterpret_cast<uv_handle_t*>(poll_.get())) != 0) return;
    uv_poll_start(poll_.get(), UV_READABLE, [](uv_poll_t* handle, int, int) {
        if (handle->data != nullptr) static_cast<Dispatcher*>(handle->data)->accept_workers();
    });
}

Dispatcher::~Dispatcher() { uv_poll_stop(poll_.get()); }

void Dispatcher::submit(AppRequest& request) { pools_[request.app].submit(request); }

// Many a request was never submitted, and where there is no application there is no pool either.
void Dispatcher::withdraw(AppRequest& request) {
    const bool submitted = request.in_queue || request.worker != nullptr;
    if (submitted) pools_[request.app].withdraw(request);
}

std::string Dispatcher::why_not_ready() const {
    for (const WorkerPool& pool : pools_)
        if (std::string why_not = pool.why_not_ready(); !why_not.empty()) return why_not;
    return {};
}

void Dispatcher::sweep(std::chrono::steady_clock::time_point now) {
    watch_listener();
    for (WorkerPool& pool : pools_) pool.refuse_expired(now);
}

DeadlineTimer::Moment Dispatcher::end_overdue(DeadlineTimer::Moment now) {
    DeadlineTimer::Moment earliest = DeadlineTimer::kNone;
    for (WorkerPool& pool : pools_) earliest = std::min(earliest, pool.end_overdue(now));
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
    const auto pool = std::find_if(pools_.begin(), pools_.end(), [&](const WorkerPool& candidate) {
        return candidate.config().name == hello.app;
    });
    if (pool == pools_.end()) {
        log_warn("a worker of an application that is not ours is sent away app={} pid={}",
                 log_quoted(hello.app), hello.pid);
        return false;
    }
    link.app = static_cast<std::uint32_t>(pool - pools_.begin());
    const auto own = std::find_if(strangers_.begin(), strangers_.end(),
                                  [&](const auto& stranger) { return stranger.get() == &link; });
    BUNDLE_CHECK(own != strangers_.end());
    const std::uint32_t before = pool->worker_count();
    pool->add(std::move(*own));
    strangers_.erase(own);
    log_debug("worker connected app={} pid={} slot={} generation={}", pool->config().name,
              hello.pid, hello.slot, hello.generation);
    if (pool->worker_count() != before) changed_(pool->config(), pool->worker_count());
    return true;
}

void Dispatcher::worker_free(WorkerLink& link) { pools_[link.app].free(link); }

void Dispatcher::worker_retires(WorkerLink& link) { pools_[link.app].retire(link); }

void Dispatcher::worker_lost(WorkerLink& link) {
    if (std::erase_if(strangers_, [&](const auto& stranger) { return stranger.get() == &link; }) >
        0)
        return;
    WorkerPool& pool = pools_[link.app];
    const std::uint32_t before = pool.worker_count();
    pool.lost(link);
    if (pool.worker_count() != before) changed_(pool.config(), pool.worker_count());
}

}  // namespace bundle
