#include "frontend/front.hpp"

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "frontend/client/longest_idle.hpp"
#include "shared/base/check.hpp"
#include "shared/base/log.hpp"
#include "shared/config/descriptor_need.hpp"
#include "shared/config/option/kinds.hpp"
#include "shared/status/process_facts.hpp"

namespace bundle {

namespace {

constexpr std::size_t kSlabSize = 64U << 10;

// Deadlines are looked at so often: no client notices a quarter of a second, and a timer for each
// connection would cost more. While draining, someone waits for us.
constexpr std::uint64_t kSweepMs = 250;
constexpr milliseconds kStoodStill{4 * kSweepMs};
// So late the access log may be, for one write of many lines.
constexpr std::uint64_t kLogMs = 100;
// A peak of so many connections may leave megabytes behind.
constexpr std::size_t kPeakWorthTrimming = 256;

template <typename Handle>
UvOwner<Handle> made(uv_loop_t* loop, int (*init)(uv_loop_t*, Handle*), void* data) {
    auto handle = std::make_unique<Handle>();
    BUNDLE_CHECK(init(loop, handle.get()) == 0);
    handle->data = data;
    return UvOwner<Handle>(handle.release());
}

}  // namespace

std::uint32_t lowered_max_connections(const Config& config, const Config* before) {
    rlimit limit{};
    const bool known = getrlimit(RLIMIT_NOFILE, &limit) == 0;
    if (known && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0) getrlimit(RLIMIT_NOFILE, &limit);
    }
    const std::uint32_t wanted = config.server.max_connections;
    const std::uint32_t allowed = known ? connections_allowed(config, limit.rlim_cur) : wanted;
    const bool is_told = before != nullptr && before->server.max_connections == wanted &&
                         connections_allowed(*before, limit.rlim_cur) == allowed;
    if (allowed < wanted && !is_told) {
        log_warn(
            "server.max_connections is lowered from {} to {}: this process may open {} files; "
            "raise LimitNOFILE= of the service (ulimit -Hn) to {}, or lower server.max_connections",
            wanted, allowed, limit.rlim_cur, descriptor_need(config));
    }
    return allowed;
}

Result<std::unique_ptr<Front>> Front::create(FrontSockets sockets,
                                             std::shared_ptr<const Snapshot> snapshot,
                                             const Credentials& credentials, Begin begin) {
    auto listeners = std::exchange(sockets.listeners, {});
    std::unique_ptr<Front> front(new Front(std::move(sockets), std::move(snapshot)));
    TRY_ASSIGN(auto tls, front->tls_for(front->context_.snapshot->config, credentials));
    front->show(std::move(tls), credentials);
    if (begin == Begin::AtCommit) {
        front->kept_for_commit_ = std::move(listeners);
    } else {
        TRY(front->open_listeners(std::move(listeners)));
    }
    return front;
}

Front::Front(FrontSockets sockets, std::shared_ptr<const Snapshot> snapshot)
    : control_(std::move(sockets.control)),
      slab_(kSlabSize),
      dispatcher_(loop_.get(), std::move(sockets.workers),
                  pools_for(snapshot, std::move(sockets.scoreboards)),
                  [this](std::uint32_t generation, const AppConfig& app, std::uint32_t workers) {
                      tell_master({.type = wire::ControlType::WorkersReady,
                                   .count = workers,
                                   .app = app.name,
                                   .text = {},
                                   .generation = generation});
                  }),
      context_{.loop = loop_.get(),
               .slab = slab_,
               .snapshot = std::move(snapshot),
               .dispatcher = dispatcher_,
               .access_log = access_log_,
               .files = files_,
               .owner = *this},
      most_connections_(lowered_max_connections(context_.snapshot->config, nullptr)),
      descriptors_(control_.get()),
      last_sweep_(context_.now()),
      started_(started_at(getppid()).value_or(std::chrono::system_clock::now())) {
    context_.admin = this;
    note(RecentEvents::Kind::Note, "the front began");
    traffic_.look(*context_.snapshot->counters, context_.now());
    continue_access_log(context_.snapshot->config, std::move(sockets.access_log));
    auto control_poll = std::make_unique<uv_poll_t>();
    BUNDLE_CHECK(uv_poll_init(loop_.get(), control_poll.get(), control_.get()) == 0);
    control_poll_.reset(control_poll.release());
    control_poll_->data = this;
    uv_poll_start(control_poll_.get(), UV_READABLE, [](uv_poll_t* handle, int, int) {
        if (handle->data != nullptr) static_cast<Front*>(handle->data)->on_control();
    });

    sweep_timer_ = made(loop_.get(), uv_timer_init, this);
    uv_timer_start(
        sweep_timer_.get(), [](uv_timer_t* timer) { static_cast<Front*>(timer->data)->sweep(); },
        kSweepMs, kSweepMs);
    drain_timer_ = made(loop_.get(), uv_timer_init, this);
    removal_timer_ = made(loop_.get(), uv_timer_init, this);
    after_poll_ = made(loop_.get(), uv_check_init, this);
    uv_check_start(after_poll_.get(), [](uv_check_t* check) {
        Front& front = *static_cast<Front*>(check->data);
        front.context_.http2_sends.run();
        front.flush_log_soon();
        if (front.context_.statsd) front.context_.statsd->flush();
    });
    // What timers made must not wait for the next event.
    before_poll_ = made(loop_.get(), uv_prepare_init, this);
    uv_prepare_start(before_poll_.get(), [](uv_prepare_t* prepare) {
        Front& front = *static_cast<Front*>(prepare->data);
        front.context_.http2_sends.run();
        front.flush_log_soon();
    });
    log_timer_ = made(loop_.get(), uv_timer_init, this);
    begin_statsd();
    watch_left_requests();
    on_term_ = made(loop_.get(), uv_signal_init, this);
    uv_signal_start(
        on_term_.get(),
        [](uv_signal_t* signal, int) { static_cast<Front*>(signal->data)->drain(); }, SIGTERM);
}

Front::~Front() {
    for (const auto& listener : listeners_) listener->close();
    for (const auto& listener : removed_listeners_) listener->close();
    for (const auto& connection : connections_) connection->close();
    while (!connections_.empty()) uv_run(loop_.get(), UV_RUN_NOWAIT);
    access_log_.finish();
}

void Front::flush_log_soon() {
    if (!access_log_.has_pending() ||
        uv_is_active(reinterpret_cast<const uv_handle_t*>(log_timer_.get())) != 0)
        return;
    uv_timer_start(
        log_timer_.get(),
        [](uv_timer_t* timer) { static_cast<Front*>(timer->data)->access_log_.flush(); }, kLogMs,
        0);
}

Result<void> Front::open_listeners(std::vector<OwnedFd> sockets) {
    const std::vector<ListenConfig> configs = context_.snapshot->config.all_listeners();
    for (std::size_t i = 0; i < sockets.size(); ++i) {
        TRY_ASSIGN(auto listener, Listener::create(loop_.get(), std::move(sockets[i]), configs[i],
                                                   [this](Listener& waiting) { accept(waiting); }));
        listeners_.push_back(std::move(listener));
    }
    return {};
}

Result<void> Front::run() {
    TRY(wire::send_control(control_.get(),
                           {.type = wire::ControlType::Ready, .count = 0, .app = {}, .text = {}}));
    uv_run(loop_.get(), UV_RUN_DEFAULT);
    return {};
}

// ---- connections ----

void Front::accept(Listener& listener) {
    if (!has_room()) {
        listener.leave_waiting();
        make_room();
        return;
    }
    adopt(listener);
}

void Front::adopt(const Listener& listener) {
    auto connection = std::make_unique<ClientConnection>(context_, listener);
    connection->place = connections_.size();
    connections_.push_back(std::move(connection));
    if (connections_.back()->accept()) {
        ++context_.counters.accepted;
        descriptors_.saw(connections_.back()->fd());
        client_known(*connections_.back());
    }
}

bool Front::has_room() const {
    return connections_.size() < most_connections_ && !descriptors_.are_short();
}

// Closes connections that wait for a request, those that have waited longest: a browser that keeps
// one open in case it needs it must not keep a new client out.
void Front::make_room() {
    if (nobody_idle_) return;
    nobody_idle_ = close_longest_idle(connections_) == 0;
}

// A trusted proxy speaks for many clients, and is not counted; those that it names by the PROXY
// protocol are.
void Front::client_known(ClientConnection& connection) {
    const std::uint32_t most = context_.snapshot->config.http.max_connections_per_ip;
    if (most == config::CountOrUnlimited::kUnlimited || connection.peer().is_proxy) return;
    connection.counted = addresses_.enter(connection.peer().address);
    if (connection.counted != nullptr && AddressCounts::count(*connection.counted) > most) {
        connection.refuse_connection(Limit::ConnectionsPerIp);
    }
}

bool Front::somebody_waits() const {
    return std::ranges::any_of(listeners_,
                               [](const auto& listener) { return listener->client_waits(); });
}

void Front::accept_waiting() {
    for (const auto& listener : listeners_)
        if (has_room()) listener->accept_waiting();
}

void Front::connection_closed(ClientConnection& connection) {
    addresses_.leave(std::exchange(connection.counted, nullptr));
    const std::size_t place = connection.place;
    std::swap(connections_[place], connections_.back());
    connections_[place]->place = place;
    connections_.pop_back();
    if (descriptors_.are_short()) descriptors_.look(context_.now());
    accept_waiting();
    stop_when_done();
}

void Front::sweep() {
    const auto now = context_.now();
    // Closing is announced first and done in a later turn, so the vector stays as it is meanwhile.
    const auto since_last =
        std::chrono::duration_cast<milliseconds>(now - std::exchange(last_sweep_, now));
    // When we stood still (a slow disk, a suspended machine), what clients sent meanwhile is read
    // before they are judged: in this turn of the loop, so at the next sweep.
    if (since_last < kStoodStill)
        for (const auto& connection : connections_) connection->check_time(now, since_last);
    dispatcher_.sweep(now);
    if (!context_.draining)
        dispatcher_.tell_wishes(now, [this](const AppConfig& app, const WorkerDemand::Wish& wish) {
            const bool more = wish.what == WorkerDemand::Wish::For::More;
            tell_master(
                {.type = more ? wire::ControlType::MoreWorkers : wire::ControlType::FewerWorkers,
                 .app = app.name,
                 .text = wish.why,
                 .generation = context_.snapshot->generation});
        });
    dispatcher_.tell_unresponsive(now, [this](const AppConfig& app, std::uint32_t pid) {
        tell_master({.type = wire::ControlType::Unresponsive,
                     .count = pid,
                     .app = app.name,
                     .text = {},
                     .generation = context_.snapshot->generation});
    });
    nobody_idle_ = false;
    descriptors_.look(now);
    if (descriptors_.are_exhausted() || (!has_room() && somebody_waits())) make_room();
    accept_waiting();
    if (connections_.empty())
        std::erase_if(removed_listeners_,
                      [](const auto& listener) { return !listener->is_open(); });
    tell_left_out();
    tell_statsd();
    watch_traffic(now);
    give_memory_back();
}

// After a peak most of what it took is free, but in the middle of the heap, where the allocator
// keeps it unless it is asked.
void Front::give_memory_back() {
    peak_ = std::max(peak_, connections_.size());
    if (peak_ < kPeakWorthTrimming || connections_.size() > peak_ / 2) return;
    peak_ = connections_.size();
    malloc_trim(0);
}

// ---- the master ----

void Front::on_control() {
    std::vector<OwnedFd> descriptors;
    const auto message = wire::receive_control(control_.get(), descriptors);
    if (!message || !*message) return leave_now();
    switch ((*message)->type) {
        case wire::ControlType::NotReady:
            context_.stopping = true;
            return note(RecentEvents::Kind::Note, "bundle is told to stop");
        case wire::ControlType::Maintenance:
            context_.in_maintenance = (*message)->count != 0;
            return note(RecentEvents::Kind::Note,
                        context_.in_maintenance ? "maintenance begins" : "maintenance is over");
        case wire::ControlType::Drain:
            return drain();
        case wire::ControlType::HandOver:
            return hand_over();
        case wire::ControlType::Prepare:
            return prepare((*message)->generation, std::move(descriptors));
        case wire::ControlType::Commit:
            return commit();
        case wire::ControlType::Certificates:
            if (auto renewed = renew_certificates(descriptors); !renewed)
                log_error("renewed certificates are not used: {}", renewed.error().message);
            return;
        case wire::ControlType::Logs:
            return continue_logs_in(std::move(descriptors));
        case wire::ControlType::WorkerListener:
            if (descriptors.size() == 1) dispatcher_.listen_on(std::move(descriptors.front()));
            return;
        case wire::ControlType::Abandon:
            return abandon();
        case wire::ControlType::Ping:
            return tell_master({.type = wire::ControlType::Alive, .app = {}, .text = {}});
        case wire::ControlType::TellStatus:
            return tell_status(wire::StatusForm{(*message)->count}, (*message)->app);
        case wire::ControlType::Scale:
            return dispatcher_.want((*message)->app, (*message)->count);
        case wire::ControlType::SlowRequest:
            return note_slow(**message);
        case wire::ControlType::WorkerEnded:
            return note_worker_end(**message);
        case wire::ControlType::Restarts:
            return note_restarts(**message);
        case wire::ControlType::Hold:
            return (*message)->count != 0 ? dispatcher_.hold() : dispatcher_.let_go();
        case wire::ControlType::ReloadFailed:
            ++context_.counters.failed_reloads;
            return note(RecentEvents::Kind::Trouble, "a reload failed; what served before goes on");
        default:
            return leave_now();
    }
}

// A master that is gone is noticed by on_control().
void Front::tell_master(const wire::ControlMessage& message) const {
    if (auto told = wire::send_control(control_.get(), message); !told)
        log_warn("cannot tell the master: {}", told.error().message);
}

}  // namespace bundle
