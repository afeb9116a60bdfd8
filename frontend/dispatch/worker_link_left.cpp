// WorkerLink, when a request's client leaves: its worker works on, and does not know, or does not
// want to.
#include <utility>

#include "frontend/dispatch/worker_link.hpp"
#include "shared/base/check.hpp"

namespace bundle {

void WorkerLink::cancel(AppRequest& request) {
    Running* running = find(request.stream);
    BUNDLE_CHECK(running != nullptr && running->request == &request);
    if (running != &running_.front() && take_back(*running)) return;
    leave(*running);
}

void WorkerLink::leave(Running& running) {
    AppRequest& request = *std::exchange(running.request, nullptr);
    request.worker = nullptr;
    running.left = {.id = std::string(request.request_id),
                    .handed_over = request.handed_over,
                    .since = Moment::clock::now()};
    if (lost_) return;
    slots_->tell_client(running.stream, wire::ClientState::Left);
    resume();
}

void WorkerLink::client_ended(const AppRequest& request) {
    slots_->tell_client(request.stream, wire::ClientState::EndedItsSide);
}

void WorkerLink::tell_left_ended(Running& running) {
    if (const auto left = std::exchange(running.left, std::nullopt))
        owner_.left_request_ended(*this, *left);
}

}  // namespace bundle
