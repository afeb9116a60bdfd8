// Who watches the status: answers that go on, one event after the other, until the viewer leaves or
// the front ends them.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/dispatch/app_request.hpp"

namespace bundle {

class StatusFeed {
  public:
    // A page that somebody forgot open costs little, but not nothing.
    static constexpr std::size_t kMostViewers = 16;

    [[nodiscard]] bool empty() const { return viewers_.empty(); }
    [[nodiscard]] bool has_room() const { return viewers_.size() < kMostViewers; }
    void enter(AnswerSink& viewer) { viewers_.push_back(&viewer); }
    void leave(const AnswerSink& viewer) { std::erase(viewers_, &viewer); }

    // Not to those that have not taken what they were told before.
    void tell(std::string_view event) const;
    void end() const;

  private:
    template <typename Told>
    void each(const Told& told) const;

    std::vector<AnswerSink*> viewers_;
};

// In the format of text/event-stream; `name` is "" for the usual kind.
std::string stream_event(std::string_view name, std::string_view lines);

}  // namespace bundle
