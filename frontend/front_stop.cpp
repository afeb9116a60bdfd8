// The front, when it is to end: at once, when everything is answered, or when another one has come.
#include <algorithm>

#include "frontend/front.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace {

constexpr std::uint64_t kDrainSweepMs = 20;

}  // namespace

void Front::leave_now() {
    std::uint32_t cut_off = 0;
    for (const auto& connection : connections_) cut_off += connection->cut_off();
    if (cut_off > 0)
        tell_master({.type = wire::ControlType::CutOff, .count = cut_off, .app = {}, .text = {}});
    uv_stop(loop_.get());
}

void Front::drain() {
    if (context_.draining && context_.drain_grace == kDrainGrace) return;
    log_info("draining connections={}", connections_.size());
    context_.stopping = true;
    end_connections(kDrainGrace);
    last_accepts_end_ = context_.now() + kLastAccepts;
    uv_timer_start(
        drain_timer_.get(),
        [](uv_timer_t* timer) { static_cast<Front*>(timer->data)->accept_the_last(); },
        kLastAcceptsMs, 1);
    uv_timer_set_repeat(sweep_timer_.get(), kDrainSweepMs);
    uv_timer_again(sweep_timer_.get());
}

// What stands in the backlog is the other front's; whom libuv has accepted for us already is ours,
// even where there is no room.
void Front::hand_over() {
    log_info("handing over connections={}", connections_.size());
    for (const auto& listener : listeners_)
        if (listener->client_waits()) adopt(*listener);
    end_connections(kHandOverGrace);
    stop_accepting();
}

// A drain may follow a hand-over, and is quicker.
void Front::end_connections(milliseconds grace) {
    context_.draining = true;
    context_.drain_grace = grace;
    feed_.end();
    for (const auto& connection : connections_) connection->drain();
}

// Whom the kernel has let in already, closing the listener would reset: it is closed in a moment in
// which nobody waits. For ever there may be none.
bool Front::close_unvisited(const Listeners& listeners, TimePoint end) const {
    for (const auto& listener : listeners)
        if (context_.now() >= end || listener->backlog() == 0) listener->close();
    return std::ranges::none_of(listeners,
                                [](const auto& listener) { return listener->is_open(); });
}

void Front::accept_the_last() {
    if (!close_unvisited(listeners_, last_accepts_end_)) return;
    uv_timer_stop(drain_timer_.get());
    stop_when_done();
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
