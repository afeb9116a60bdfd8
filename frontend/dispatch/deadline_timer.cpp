#include "frontend/dispatch/deadline_timer.hpp"

#include <algorithm>
#include <utility>

#include "shared/base/check.hpp"

namespace bundle {

DeadlineTimer::DeadlineTimer(uv_loop_t* loop, Look look) : look_(std::move(look)) {
    auto timer = std::make_unique<uv_timer_t>();
    BUNDLE_CHECK(uv_timer_init(loop, timer.get()) == 0);
    timer_.reset(timer.release());
    timer_->data = this;
}

void DeadlineTimer::arm(Moment deadline) {
    armed_for_ = deadline;
    // libuv's clock is this one in whole milliseconds, as of the loop's last turn.
    const auto due = std::chrono::ceil<std::chrono::milliseconds>(deadline.time_since_epoch());
    const auto now = static_cast<std::int64_t>(uv_now(timer_->loop));
    const auto delay = static_cast<std::uint64_t>(std::max<std::int64_t>(due.count() - now, 0));
    uv_timer_start(
        timer_.get(),
        [](uv_timer_t* timer) {
            if (timer->data != nullptr) static_cast<DeadlineTimer*>(timer->data)->on_time();
        },
        delay, 0);
}

void DeadlineTimer::on_time() {
    armed_for_ = kNone;
    cover(look_(Moment::clock::now()));
}

}  // namespace bundle
