// The master and the sources of the applications: a change is a reload, and requests wait for it.
#include <fmt/format.h>

#include "shared/master/master.hpp"

namespace bundle {

void Master::follow_sources() {
    const bool watches = current_.config.dev.reload;
    sources_.follow(current_.config, file_.path(),
                    watches ? file_.included() : std::vector<std::string>());
}

void Master::look_at_sources() {
    const auto now = Moment::clock::now();
    sources_.look(now);
    auto what = sources_.take_change(now);
    if (!what || supervision_.stopping()) return;
    const std::string here = '"' + file_.folder() + '/';
    if (what->starts_with(here)) what->erase(1, here.size() - 1);
    want_reload(*what + " changed", std::nullopt);
}

// Whoever saves a file and asks at once wants to see what the file says now. So the front keeps
// requests from the first change on, and until no change is left that nobody has seen.
void Master::hold_requests_or_not() {
    const bool goes_on = holds_requests_ && (reload_wanted_ || next_);
    const bool holds = !supervision_.stopping() && (sources_.has_changed() || goes_on);
    if (holds == holds_requests_) return;
    holds_requests_ = holds;
    children_.at(current_.front)
        .tell({.type = wire::ControlType::Hold, .count = holds ? 1U : 0U, .app = {}, .text = {}});
}

}  // namespace bundle
