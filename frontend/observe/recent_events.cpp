#include "frontend/observe/recent_events.hpp"

#include <algorithm>
#include <utility>

namespace bundle {

void RecentEvents::add(Kind kind, std::string text, Moment at, std::uint64_t count) {
    const auto same = std::ranges::find_if(events_, [&](const Event& event) {
        return event.text == text && at - event.at < kTogether;
    });
    if (same != events_.end()) {
        count += same->count;
        events_.erase(same);
    }
    events_.push_front({at, kind, std::move(text), count});
    if (events_.size() > kMost) events_.pop_back();
}

}  // namespace bundle
