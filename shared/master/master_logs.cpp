// The master and the logs: opened by us, because the others may have no right to.
#include <array>

#include "shared/base/log.hpp"
#include "shared/config/log_place.hpp"
#include "shared/master/master.hpp"

namespace bundle {

// What was renamed is left to those who renamed it. We open, because the others may have no right
// to.
void Master::reopen_logs() {
    auto logs = open_logs(current_.config.log);
    if (!logs) return log_error("SIGUSR1: {}; the logs go on as they are", logs.error().message);
    current_.logs = std::move(*logs);
    logs_reopened_ = true;
    if (next_) next_->logs_reopened = true;  // what it opened may be what was renamed
    use_log();
    log_info("SIGUSR1: the logs are opened again");
    for (auto& [number, child] : children_) {
        if (supervision_.children().at(number).is_front) {
            child.tell({.type = wire::ControlType::Logs, .app = {}, .text = {}},
                       std::array{current_.logs.error_fd(), current_.logs.access.get()});
        } else if (child.is_up()) {
            tell_of_logs(child);
        }
    }
}

// One that is not up yet is told then: until then any word makes it leave.
void Master::tell_of_logs(Child& arbiter) const {
    arbiter.tell({.type = wire::ControlType::Logs, .app = {}, .text = {}},
                 std::array{current_.logs.error_fd()});
}

void Master::use_log() {
    set_log_target(log_target_of("master", current_.config, current_.logs.error_fd()));
    report_ = StartReport(current_.logs.error_fd());
}

}  // namespace bundle
