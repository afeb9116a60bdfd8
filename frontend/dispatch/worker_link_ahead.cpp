// The part of WorkerLink that knows of the request that its worker has ahead of its time.
#include "frontend/dispatch/worker_link.hpp"

namespace bundle {

AppRequest* WorkerLink::take_back() {
    if (!has_ahead()) return nullptr;
    AppRequest* const request = running_.back().request;
    if (request == nullptr || !slots_->take_back(running_.back().stream)) return nullptr;
    running_.pop_back();
    request->worker = nullptr;
    request->handed_over = request->deadline = Moment();
    return request;
}

bool WorkerLink::is_ahead(const AppRequest& request) const {
    return has_ahead() && running_.back().request == &request && !slots_->has_begun(request.stream);
}

std::chrono::milliseconds WorkerLink::ahead_for() const {
    return std::chrono::milliseconds(now() - went_ahead_);
}

}  // namespace bundle
