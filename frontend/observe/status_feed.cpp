#include "frontend/observe/status_feed.hpp"

#include <algorithm>

namespace bundle {

// A viewer that is gone finds itself out while it is told, and leaves.
template <typename Told>
void StatusFeed::each(const Told& told) const {
    const std::vector<AnswerSink*> viewers = viewers_;
    for (AnswerSink* viewer : viewers) {
        if (std::ranges::find(viewers_, viewer) == viewers_.end()) continue;
        told(*viewer);
        viewer->answer_flush();
    }
}

void StatusFeed::tell(std::string_view event) const {
    each([event](AnswerSink& viewer) {
        if (!viewer.answer_full()) viewer.answer_data(event);
    });
}

void StatusFeed::end() const {
    each([](AnswerSink& viewer) { viewer.answer_end(wire::Outcome::Complete); });
}

std::string stream_event(std::string_view name, std::string_view lines) {
    std::string event;
    if (!name.empty()) event.append("event: ").append(name).append("\n");
    while (!lines.empty()) {
        const std::size_t end = std::min(lines.find('\n'), lines.size());
        event.append("data: ").append(lines.substr(0, end)).append("\n");
        lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    return event += '\n';
}

}  // namespace bundle
