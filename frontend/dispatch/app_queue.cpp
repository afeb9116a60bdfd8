#include "frontend/dispatch/app_queue.hpp"

#include <algorithm>

#include "shared/base/check.hpp"

namespace bundle {

using namespace std::chrono_literals;

namespace {

// Parts of queue.timeout.
constexpr int kHeadStart = 3;
constexpr int kTolerable = 20;  // a wait that is no overload ...
constexpr int kLong = 10;       // ... nor is one that is over as soon as this

std::size_t index_of(Priority priority) { return static_cast<std::size_t>(priority); }

}  // namespace

AppQueue::AppQueue(const QueueConfig& limits) : limits_(limits), shares_(limits.share_per_ip) {
    for (const Priority priority : {Priority::High, Priority::Normal, Priority::Low}) {
        lanes_.push_back(std::make_unique<RouteLane>());
        lanes_.back()->policy.priority = priority;
    }
}

void AppQueue::assign_lane(AppRequest& request) {
    const QueuePolicy* policy = request.queueing;
    request.lane = lanes_[index_of(policy != nullptr ? policy->priority : Priority::Normal)].get();
    if (policy == nullptr || policy->max_in_flight == QueuePolicy::kUnlimited) return;
    const auto found = std::ranges::find_if(lanes_, [&](const auto& lane) {
        return !lane->policy.route.empty() && lane->policy.route == policy->route;
    });
    const bool known = found != lanes_.end();
    request.lane = (known ? *found : lanes_.emplace_back(std::make_unique<RouteLane>())).get();
    request.lane->policy = *policy;  // a reload may have changed it
}

void AppQueue::push(AppRequest& request) {
    BUNDLE_CHECK(!request.in_queue);
    request.in_queue = true;
    list_of(request).push_back(request);
    shares_.enter(request);
    ++size_;
}

void AppQueue::remove(AppRequest& request) {
    BUNDLE_CHECK(request.in_queue);
    list_of(request).remove(request);
    shares_.leave(request);
    request.in_queue = false;
    if (--size_ == 0) judge({});
}

std::vector<AppRequest*> AppQueue::take_all() {
    std::vector<AppRequest*> all;
    const auto take = [&](List& list) {
        while (!list.empty()) {
            all.push_back(&list.front());
            remove(list.front());
        }
    };
    take(returned_);
    for (const auto& lane : lanes_) take(lane->waiting);
    return all;
}

void AppQueue::served(AppRequest& request, Moment now) {
    served_at_.at(index_of(request.lane->policy.priority)) = now;
    remove(request);
}

// ---- order ----

std::chrono::milliseconds AppQueue::head_start(const AppRequest& request) const {
    const auto rank = static_cast<int>(Priority::Normal) -
                      static_cast<int>(request.lane->policy.priority);  // 1, 0, -1
    return rank * limits_.timeout / kHeadStart;
}

AppRequest* AppQueue::next(Moment now) {
    judge(now);
    if (AppRequest* returned = first_returned()) return returned;
    return newest_first_ ? newest(now) : oldest(now);
}

AppRequest* AppQueue::first_returned() const {
    AppRequest* request = returned_.empty() ? nullptr : &returned_.front();
    while (request != nullptr && !may_go(*request)) request = List::after(*request);
    return request;
}

template <typename Rank>
AppRequest* AppQueue::least(Whom whom, AppRequest& (List::*end)() const, Rank rank) const {
    AppRequest* found = nullptr;
    Moment::duration lowest{};
    for (const auto& lane : lanes_) {
        if (lane->waiting.empty() || (whom == Whom::WhoMayGo && !lane->has_room())) continue;
        AppRequest& candidate = (lane->waiting.*end)();
        const Moment::duration its = rank(candidate);
        if (found != nullptr && its >= lowest) continue;
        found = &candidate;
        lowest = its;
    }
    return found;
}

AppRequest* AppQueue::oldest(Moment now) const {
    return least(Whom::WhoMayGo, &List::front, [&](const AppRequest& request) {
        return request.queued - now - head_start(request);
    });
}

AppRequest* AppQueue::newest(Moment now) const {
    return least(Whom::WhoMayGo, &List::back, [&](const AppRequest& request) {
        const RouteLane& lane = *request.lane;
        const Moment::duration unserved =
            now -
            std::max(served_at_.at(index_of(lane.policy.priority)), lane.waiting.front().queued);
        // Ahead of everybody else, and of each other by how long they got nothing.
        if (unserved > limits_.timeout / kHeadStart) return -limits_.timeout - unserved;
        return now - request.queued - head_start(request);
    });
}

// A route at its limit is no overload of the workers, and neither is a low priority that waits
// because it is low.
void AppQueue::judge(Moment now) {
    const auto age = [&](const AppRequest& request) {
        return now - request.queued + std::min(head_start(request), 0ms);
    };
    const AppRequest* eldest = least(Whom::WhoMayGo, &List::front,
                                     [&](const AppRequest& request) { return -age(request); });
    if (eldest == nullptr || age(*eldest) <= limits_.timeout / kTolerable) {
        stands_since_.reset();
        newest_first_ = false;
        return;
    }
    if (!stands_since_) stands_since_ = now;
    newest_first_ = newest_first_ || now - *stands_since_ > limits_.timeout / kLong;
}

std::chrono::milliseconds AppQueue::longest_wait(Moment now) const {
    const AppRequest* oldest = least(Whom::WhoMayGo, &List::front,
                                     [&](const AppRequest& one) { return one.queued - now; });
    if (oldest == nullptr) return {};
    return std::chrono::duration_cast<std::chrono::milliseconds>(now - oldest->queued);
}

// ---- limits ----

AppRequest* AppQueue::gives_way_to(const AppRequest& newcomer) const {
    const ClientShare* client = shares_.share_of(newcomer);
    const bool is_own = client != nullptr && shares_.is_used_up(*client);
    if (!is_own) client = shares_.largest_above();
    if (!newest_first_) return client != nullptr && !is_own ? &client->waiting.back() : nullptr;
    if (client != nullptr) return &client->waiting.front();
    return least(Whom::Anybody, &List::front, [this](const AppRequest& request) {
        return request.queued.time_since_epoch() + head_start(request);
    });
}

AppRequest* AppQueue::pop_expired(Moment now) {
    const auto expired = [&](const List& list) {
        return !list.empty() && now - list.front().queued > limits_.timeout;
    };
    AppRequest* found = expired(returned_) ? &returned_.front() : nullptr;
    for (const auto& lane : lanes_)
        if (found == nullptr && expired(lane->waiting)) found = &lane->waiting.front();
    if (found != nullptr) remove(*found);
    return found;
}

std::optional<AppQueue::Moment> AppQueue::waits_since() const {
    std::optional<Moment> since;
    const auto consider = [&](const List& list) {
        if (!list.empty()) since = std::min(since.value_or(Moment::max()), list.front().queued);
    };
    consider(returned_);
    for (const auto& lane : lanes_) consider(lane->waiting);
    return since;
}

}  // namespace bundle
