// The part of WorkerLink that knows of what its worker has ahead of its time.
#include "frontend/dispatch/worker_link.hpp"

namespace bundle {

// Each of two requests that are not answered has a slot of its own (request_slots.hpp).
std::uint32_t WorkerLink::next_stream() const {
    const std::uint32_t next = last_stream_ + 1;
    const bool taken = unanswered() > 0 && running_.back().stream % 2 == next % 2;
    return taken ? next + 1 : next;
}

AppRequest* WorkerLink::take_back(std::vector<Running>::iterator ahead) {
    AppRequest* const request = ahead->request;
    if (request == nullptr || !slots_->take_back(ahead->stream)) return nullptr;
    running_.erase(ahead);
    request->worker = nullptr;
    request->handed_over = request->deadline = Moment();
    return request;
}

AppRequest* WorkerLink::take_back(std::chrono::milliseconds at_least_ahead_for) {
    for (std::size_t i = 1; i < running_.size(); ++i) {
        if (std::chrono::milliseconds(now() - running_[i].sent) < at_least_ahead_for) continue;
        if (AppRequest* request = take_back(running_.begin() + static_cast<std::ptrdiff_t>(i)))
            return request;
    }
    return nullptr;
}

}  // namespace bundle
