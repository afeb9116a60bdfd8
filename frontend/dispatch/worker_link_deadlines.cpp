// The second part of WorkerLink: what requests take, and those that take too long.
#include <algorithm>
#include <utility>

#include "frontend/dispatch/worker_link.hpp"

namespace bundle {

namespace {

constexpr std::chrono::milliseconds kNextLook{10};
// And then so much longer: where the machine stood still, we may only be the first to go on.
constexpr std::chrono::milliseconds kGrace{250};

}  // namespace

bool WorkerLink::take_extension(const wire::Frame& frame, Running& running) {
    const auto extended = wire::decode_extend_deadline(frame.payload);
    if (!extended) return false;
    Moment& deadline = running.request != nullptr ? running.request->deadline : running.close_by;
    // Never sooner: the timer is armed for the earliest deadline already.
    if (deadline != Moment()) deadline = std::max(deadline, extended->deadline);
    return true;
}

bool WorkerLink::take_cost(const wire::Frame& frame, AppRequest& request) {
    const auto cost = wire::decode_cost(frame.payload);
    if (cost) request.cost = *cost;
    return cost.has_value();
}

WorkerLink::Moment WorkerLink::take_overdue(Moment now, std::vector<AppRequest*>& overdue) {
    Moment earliest = Moment::max();
    for (Running& running : running_) {
        AppRequest* request = running.request;
        const Moment deadline = request != nullptr ? request->deadline : running.close_by;
        if (deadline == Moment() || running.overdue) continue;
        // One that is still ahead is not late: it will be taken back, and get all of its time.
        const bool begun = slots_->has_begun(running.stream);
        if (!begun || now < deadline) {
            const Moment next = begun ? deadline : now + kNextLook;
            earliest = std::min(earliest, std::max(deadline, next));
            continue;
        }
        running.overdue = true;
        if (request == nullptr) continue;
        leave(running);
        overdue.push_back(request);
    }
    return earliest;
}

bool WorkerLink::is_stuck(Moment now, Moment& look_again) {
    if (running_.empty() || running_.front().request == nullptr) return false;
    Running& first = running_.front();
    if (slots_->has_begun(first.stream)) return false;
    const Moment late = first.request->handed_over + kLongestStart;
    if (now >= late && std::exchange(first.late, true)) return true;
    look_again = std::min(look_again, std::max(late, now + kGrace));
    return false;
}

bool WorkerLink::is_overdue() const { return std::ranges::any_of(running_, &Running::overdue); }

}  // namespace bundle
