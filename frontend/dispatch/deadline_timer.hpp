// One timer for the deadlines of all requests, armed for the earliest.
//
// A request that ends in time does not touch it. So it may come early; then the look that it causes
// tells what the earliest deadline is by now. A request costs a comparison, and those that run are
// gone through about once in the shortest request_timeout.
#pragma once
#include <uv.h>

#include <chrono>
#include <functional>

#include "frontend/client/uv_owner.hpp"

namespace bundle {

class DeadlineTimer {
  public:
    using Moment = std::chrono::steady_clock::time_point;
    static constexpr Moment kNone = Moment::max();
    // Ends what is over and returns the earliest deadline that is left.
    using Look = std::function<Moment(Moment now)>;

    DeadlineTimer(uv_loop_t* loop, Look look);

    // Comes when that moment has passed, not before and at once.
    void cover(Moment deadline) {
        if (deadline < armed_for_) arm(deadline);
    }

  private:
    void arm(Moment deadline);
    void on_time();

    Look look_;
    UvOwner<uv_timer_t> timer_;
    Moment armed_for_ = kNone;
};

}  // namespace bundle
