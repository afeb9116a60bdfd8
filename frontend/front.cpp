#include "frontend/front.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

#include "shared/base/check.hpp"
#include "shared/base/log.hpp"
#include "shared/wire/control.hpp"

namespace bundle {

namespace {

constexpr std::size_t kSlabSize = 64U << 10;

// Deadlines are looked at so often: no client notices a quarter of a second, and a timer for each
// connection would cost more. While draining, someone waits for us.
constexpr std::uint64_t kSweepMs = 250;
constexpr std::uint64_t kDrainSweepMs = 20;
// What stood in the listeners' backlogs when we were told to drain is accepted in this time.
constexpr std::uint64_t kLastAcceptsMs = 20;

template <typename Handle>
UvOwner<Handle> made(uv_loop_t* loop, int (*init)(uv_loop_t*, Handle*), void* data) {
    auto handle = std::make_unique<Handle>();
    BUNDLE_CHECK(init(loop, handle.get()) == 0);
    handle->data = data;
    return UvOwner<Handle>(handle.release());
}

}  // namespace

Result<std::unique_ptr<Front>> Front::create(FrontSockets sockets,
                                             std::shared_ptr<const Snapshot> snapshot) {
    auto listeners = std::exchange(sockets.listeners, {});
    std::unique_ptr<Front> front(new Front(std::move(sockets), std::move(snapshot)));
    TRY(front->open_listeners(std::move(listeners)));
    return front;
}

Front::Front(FrontSockets sockets, std::shared_ptr<const Snapshot> snapshot)
    : control_(std::move(sockets.control)),
      slab_(kSlabSize),
      access_log_(std::move(sockets.access_log)),
      dispatcher_(
          loop_.get(), std::move(sockets.workers), snapshot->config,
          [this](const AppConfig& app, std::uint32_t workers) { tell_master(app, workers); }),
      context_{.loop = loop_.get(),
               .slab = slab_,
               .snapshot = std::move(snapshot),
               .dispatcher = dispatcher_,
               .access_log = access_log_,
               .files = files_,
               .owner = *this} {
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
    after_poll_ = made(loop_.get(), uv_check_init, this);
    uv_check_start(after_poll_.get(), [](uv_check_t* check) {
        static_cast<Front*>(check->data)->access_log_.flush();
    });
    on_term_ = made(loop_.get(), uv_signal_init, this);
    uv_signal_start(
        on_term_.get(),
        [](uv_signal_t* signal, int) { static_cast<Front*>(signal->data)->drain(); }, SIGTERM);
}

Front::~Front() {
    for (const auto& listener : listeners_) listener->close();
    for (const auto& connection : connections_) connection->close();
    while (!connections_.empty()) uv_run(loop_.get(), UV_RUN_NOWAIT);
    access_log_.flush();
}

Result<void> Front::open_listeners(std::vector<OwnedFd> sockets) {
    const std::vector<ListenConfig>& configs = context_.snapshot->config.listen;
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
    if (connections_.size() >= context_.snapshot->config.server.max_connections) {
        listener.leave_waiting();
        return;
    }
    auto connection = std::make_unique<ClientConnection>(context_, listener);
    connection->place = connections_.size();
    connections_.push_back(std::move(connection));
    connections_.back()->accept();
}

void Front::connection_closed(ClientConnection& connection) {
    const std::size_t place = connection.place;
    std::swap(connections_[place], connections_.back());
    connections_[place]->place = place;
    connections_.pop_back();
    for (const auto& listener : listeners_) listener->accept_waiting();
    stop_when_done();
}

void Front::sweep() {
    const auto now = context_.now();
    // Closing is announced first and done in a later turn, so the vector stays as it is meanwhile.
    for (const auto& connection : connections_) connection->check_deadline(now);
    dispatcher_.sweep(now);
}

// ---- the master ----

void Front::on_control() {
    const auto message = wire::receive_control(control_.get());
    if (!message || !*message || (*message)->type == wire::ControlType::Hurry) {
        uv_stop(loop_.get());
    } else if ((*message)->type == wire::ControlType::Drain) {
        drain();
    }
}

void Front::tell_master(const AppConfig& app, std::uint32_t workers) {
    const wire::ControlMessage message = {
        .type = wire::ControlType::WorkersReady, .count = workers, .app = app.name, .text = {}};
    // A master that is gone is noticed by on_control().
    if (auto told = wire::send_control(control_.get(), message); !told) {
        log_warn("cannot tell the master of a worker: {}", told.error().message);
    }
}

void Front::drain() {
    if (std::exchange(context_.draining, true)) return;
    log_info("draining connections={}", connections_.size());
    for (const auto& connection : connections_) connection->drain();
    uv_timer_start(
        drain_timer_.get(),
        [](uv_timer_t* timer) { static_cast<Front*>(timer->data)->stop_accepting(); },
        kLastAcceptsMs, 0);
    uv_timer_set_repeat(sweep_timer_.get(), kDrainSweepMs);
    uv_timer_again(sweep_timer_.get());
}

void Front::stop_accepting() {
    for (const auto& listener : listeners_) listener->close();
    stop_when_done();
}

void Front::stop_when_done() {
    const bool accepting =
        std::ranges::any_of(listeners_, [](const auto& listener) { return listener->is_open(); });
    if (context_.draining && !accepting && connections_.empty()) uv_stop(loop_.get());
}

}  // namespace bundle
