#include "frontend/dispatch/app_queue.hpp"

#include <utility>

#include "shared/base/check.hpp"

namespace bundle {

void AppQueue::push_back(AppRequest& request) {
    BUNDLE_CHECK(!request.in_queue);
    request.in_queue = true;
    request.queue_before = std::exchange(last_, &request);
    request.queue_after = nullptr;
    (request.queue_before != nullptr ? request.queue_before->queue_after : first_) = &request;
    ++size_;
}

void AppQueue::push_front(AppRequest& request) {
    BUNDLE_CHECK(!request.in_queue);
    request.in_queue = true;
    request.queue_after = std::exchange(first_, &request);
    request.queue_before = nullptr;
    (request.queue_after != nullptr ? request.queue_after->queue_before : last_) = &request;
    ++size_;
}

AppRequest& AppQueue::pop_front() {
    BUNDLE_CHECK(first_ != nullptr);
    AppRequest& request = *first_;
    remove(request);
    return request;
}

void AppQueue::remove(AppRequest& request) {
    BUNDLE_CHECK(request.in_queue);
    (request.queue_before != nullptr ? request.queue_before->queue_after : first_) =
        request.queue_after;
    (request.queue_after != nullptr ? request.queue_after->queue_before : last_) =
        request.queue_before;
    request.queue_before = request.queue_after = nullptr;
    request.in_queue = false;
    --size_;
}

AppRequest* AppQueue::pop_expired(std::chrono::steady_clock::time_point now) {
    // The oldest stands first, but for those that came back from a dead worker.
    for (AppRequest* request = first_; request != nullptr; request = request->queue_after) {
        if (now - request->queued > limits_.timeout) {
            remove(*request);
            return request;
        }
        if (!request->came_back) return nullptr;
    }
    return nullptr;
}

}  // namespace bundle
