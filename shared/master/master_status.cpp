// The master, asked what goes on: the front knows, and whoever asked hears it from there.
#include <fmt/format.h>

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

// Only an arbiter knows its workers, so all are asked.
void Master::ask_stacks(const ControlSocket::Asked& asked) {
    WaitForStacks wait{asked.asker, asked.request.count, {}};
    for (auto& [number, child] : children_)
        if (!supervision_.children().at(number).is_front && child.is_up() &&
            child.tell({.type = wire::ControlType::TellStacks,
                        .count = wait.worker,
                        .app = {},
                        .text = {}}))
            wait.arbiters.insert(number);
    wait_for_stacks_.push_back(std::move(wait));
    finish_wait_for_stacks();
}

void Master::pass_stacks_on(const wire::ControlMessage& stacks) {
    for (const WaitForStacks& wait : wait_for_stacks_)
        if (wait.worker == stacks.count)
            resources_.control.finish({wait.asker}, kExitWell, stacks.text);
    std::erase_if(wait_for_stacks_,
                  [&](const WaitForStacks& wait) { return wait.worker == stacks.count; });
}

void Master::no_stacks_from(ChildNumber arbiter, std::optional<std::uint32_t> worker) {
    for (WaitForStacks& wait : wait_for_stacks_)
        if (worker.value_or(wait.worker) == wait.worker) wait.arbiters.erase(arbiter);
    finish_wait_for_stacks();
}

void Master::finish_wait_for_stacks() {
    std::erase_if(wait_for_stacks_, [&](const WaitForStacks& wait) {
        if (!wait.arbiters.empty()) return false;
        resources_.control.finish(
            {wait.asker}, kExitFailed,
            fmt::format("no worker has the pid {}; bundle status shows them", wait.worker));
        return true;
    });
}

}  // namespace bundle
