// The part of WorkerLink that knows of what its worker has ahead of its time, or behind it.
#include <algorithm>

#include "frontend/dispatch/worker_link.hpp"

namespace bundle {

// Each of two requests that are not answered has a slot of its own (request_slots.hpp).
std::uint32_t WorkerLink::next_stream() const {
    const std::uint32_t next = last_stream_ + 1;
    const bool taken = unanswered() > 0 && running_.back().stream % 2 == next % 2;
    return taken ? next + 1 : next;
}

void WorkerLink::forget_answered() {
    if (!running_.front().answered) return;
    running_.erase(running_.begin());
    freed_ = true;
}

const WorkerLink::Running* WorkerLink::first_ahead() const {
    for (std::size_t i = 1; i < running_.size(); ++i)
        if (!slots_->has_begun(running_[i].stream)) return &running_[i];
    return nullptr;
}

std::optional<std::chrono::milliseconds> WorkerLink::ahead_for() const {
    const Running* ahead = first_ahead();
    if (ahead == nullptr) return std::nullopt;
    return std::chrono::milliseconds(now() - ahead->sent);
}

AppRequest* WorkerLink::take_back() {
    const Running* ahead = first_ahead();
    if (ahead == nullptr) return nullptr;
    AppRequest* const request = ahead->request;
    return take_back(*ahead) ? request : nullptr;
}

AppRequest* WorkerLink::take_back_unbegun() {
    AppRequest* const request = running_.front().request;
    return take_back(running_.front()) ? request : nullptr;
}

bool WorkerLink::take_back(const Running& ahead) {
    if (!slots_->take_back(ahead.stream)) return false;
    AppRequest& request = *ahead.request;
    running_.erase(running_.begin() + (&ahead - running_.data()));
    request.worker = nullptr;
    request.handed_over = request.deadline = Moment();
    return true;
}

}  // namespace bundle
