#include "frontend/observe/slow_requests.hpp"

#include <algorithm>
#include <utility>

namespace bundle {

SlowRequest& SlowRequests::of(std::string_view id) {
    const auto known = std::ranges::find(requests_, id, &SlowRequest::id);
    if (known != requests_.end()) return *known;
    if (requests_.size() == kMost) requests_.pop_front();
    return requests_.emplace_back(SlowRequest{.id = std::string(id)});
}

void SlowRequests::saw(std::string_view app, std::string_view id, std::string_view line,
                       std::string_view stack) {
    SlowRequest& request = of(id);
    request.app = app;
    request.line = line;
    request.stack = stack;
}

void SlowRequests::ended(SlowRequest request) {
    SlowRequest& known = of(request.id);
    request.stack = std::move(known.stack);
    known = std::move(request);
}

void SlowRequests::left_ended(std::string_view app, std::string_view id,
                              std::chrono::nanoseconds took) {
    constexpr std::uint16_t kClientLeft = 499;
    SlowRequest& request = of(id);
    if (request.status != 0 && request.status != kClientLeft) return;
    request.app = app;
    request.status = kClientLeft;
    request.took = took;
}

}  // namespace bundle
