// A list of requests that are linked to each other: one whose client left is taken out in no time,
// and nothing is allocated.
#pragma once
#include <cstddef>

#include "frontend/dispatch/app_request.hpp"

namespace bundle {

template <RequestLinks AppRequest::*links>
class RequestList {
  public:
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] std::size_t size() const { return size_; }
    // Of a list that is not empty.
    [[nodiscard]] AppRequest& front() const { return *first_; }
    [[nodiscard]] AppRequest& back() const { return *last_; }
    [[nodiscard]] static AppRequest* after(const AppRequest& request) {
        return (request.*links).after;
    }

    void push_back(AppRequest& request) {
        request.*links = {.before = last_, .after = nullptr};
        (last_ != nullptr ? (last_->*links).after : first_) = &request;
        last_ = &request;
        ++size_;
    }

    void remove(AppRequest& request) {
        const RequestLinks around = request.*links;
        (around.before != nullptr ? (around.before->*links).after : first_) = around.after;
        (around.after != nullptr ? (around.after->*links).before : last_) = around.before;
        request.*links = {};
        --size_;
    }

  private:
    AppRequest* first_ = nullptr;
    AppRequest* last_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace bundle
