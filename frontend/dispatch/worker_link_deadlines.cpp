// The second part of WorkerLink: requests that take too long.
#include <algorithm>

#include "frontend/dispatch/worker_link.hpp"

namespace bundle {

namespace {

constexpr std::chrono::milliseconds kNextLook{10};

}  // namespace

bool WorkerLink::take_extension(const wire::Frame& frame, AppRequest& request) {
    const auto extended = wire::decode_extend_deadline(frame.payload);
    if (!extended) return false;
    // Never sooner: the timer is armed for the earliest deadline already.
    if (request.deadline != Moment())
        request.deadline = std::max(request.deadline, extended->deadline);
    return true;
}

WorkerLink::Moment WorkerLink::take_overdue(Moment now, std::vector<AppRequest*>& overdue) {
    Moment earliest = Moment::max();
    for (Running& running : running_) {
        AppRequest* request = running.request;
        if (request == nullptr || request->deadline == Moment()) continue;
        // One that is still ahead is not late: it will be taken back, and get all of its time.
        const bool begun = slots_->has_begun(running.stream);
        if (!begun || now < request->deadline) {
            const Moment next = begun ? request->deadline : now + kNextLook;
            earliest = std::min(earliest, std::max(request->deadline, next));
            continue;
        }
        running.overdue = true;
        cancel(*request);
        overdue.push_back(request);
    }
    return earliest;
}

bool WorkerLink::is_overdue() const { return std::ranges::any_of(running_, &Running::overdue); }

}  // namespace bundle
