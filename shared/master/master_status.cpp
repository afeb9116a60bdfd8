// The master, asked what goes on: the front knows, and whoever asked hears it from there.
#include <utility>

#include "shared/base/exit_status.hpp"
#include "shared/master/master.hpp"

namespace bundle {

void Master::ask_status(const ControlSocket::Asked& asked) {
    wait_for_status_.push_back(asked.asker);
    const bool heard = children_.at(current_.front)
                           .tell({.type = wire::ControlType::TellStatus,
                                  .count = asked.request.count,
                                  .app = {},
                                  .text = {}});
    if (!heard) refuse_status();
}

void Master::pass_status_on(const wire::ControlMessage& piece) {
    if (wait_for_status_.empty()) return;
    const Askers first = {wait_for_status_.front()};
    if (piece.count > 0) return resources_.control.progress(first, piece.text);
    resources_.control.finish(first, kExitWell, piece.text);
    wait_for_status_.erase(wait_for_status_.begin());
}

void Master::refuse_status() {
    resources_.control.finish(std::exchange(wait_for_status_, {}), kExitFailed,
                              "the front is not running; ask again");
}

}  // namespace bundle
