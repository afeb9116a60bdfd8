// The requests of one application that wait for a worker: first in, first out, bounded in number
// and in age. Plain data: requests are linked to each other, so that one whose client left is taken
// out in no time.
#pragma once
#include <chrono>
#include <cstddef>

#include "frontend/dispatch/app_request.hpp"
#include "shared/config/config.hpp"

namespace bundle {

class AppQueue {
  public:
    explicit AppQueue(const QueueConfig& limits) : limits_(limits) {}

    [[nodiscard]] bool full() const { return size_ >= limits_.max; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] std::size_t size() const { return size_; }

    void push_back(AppRequest& request);
    // For a request whose worker died before it began: it waited already, and goes first.
    void push_front(AppRequest& request);
    AppRequest& pop_front();  // of a queue that is not empty
    void remove(AppRequest& request);

    // Takes out one request that has waited for longer than it may; nullptr when there is none.
    AppRequest* pop_expired(std::chrono::steady_clock::time_point now);

  private:
    QueueConfig limits_;
    AppRequest* first_ = nullptr;
    AppRequest* last_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace bundle
