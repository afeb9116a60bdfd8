// The master, asked what goes on: the front knows, and whoever asked hears it from there.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "shared/base/exit_status.hpp"
#include "shared/master/master.hpp"
#include "shared/status/each_app.hpp"
#include "shared/status/workers_json.hpp"
#include "shared/status/workers_text.hpp"

namespace bundle {

namespace {

// So long whoever looks waits for a front that may be stuck.
constexpr milliseconds kStatusPatience{3'000};

}  // namespace

void Master::ask_status(const ControlSocket::Asked& asked) {
    if (!asked.request.app.empty() && app_asked_for(asked) == nullptr) return;
    const WaitForStatus wait{asked.asker, asked.request, current_.front,
                             Moment::clock::now() + kStatusPatience};
    if (children_.at(current_.front)
            .tell({.type = wire::ControlType::TellStatus,
                   .count = asked.request.count,
                   .app = asked.request.app,
                   .text = {}}))
        wait_for_status_.push_back(wait);
    else
        tell_without_front(wait, "the front does not hear, or is about to be started again");
}

void Master::pass_status_on(ChildNumber front, const wire::ControlMessage& piece) {
    const auto first = std::ranges::find(wait_for_status_, front, &WaitForStatus::front);
    if (first == wait_for_status_.end()) return;
    Askers asker;
    if (first->asker) asker.push_back(*first->asker);
    if (piece.count > 0) return resources_.control.progress(asker, piece.text);
    if (piece.app.empty()) {
        resources_.control.finish(asker, kExitWell, piece.text);
    } else {
        resources_.control.progress(asker, piece.text);
        resources_.control.finish(asker, kExitFailed, "not ready: " + piece.app);
    }
    wait_for_status_.erase(first);
}

// Its answer may still come, and is nobody's then.
void Master::expire_status() {
    for (WaitForStatus& wait : wait_for_status_) {
        if (!wait.asker || Moment::clock::now() < wait.until) continue;
        tell_without_front(
            wait, fmt::format("the front has not answered for {} s pid={}",
                              kStatusPatience.count() / 1000, children_.at(wait.front).pid()));
        wait.asker.reset();
    }
}

void Master::no_status_from(ChildNumber front) {
    for (const WaitForStatus& wait : wait_for_status_)
        if (wait.front == front && wait.asker)
            tell_without_front(wait, "the front is not running; ask again");
    std::erase_if(wait_for_status_,
                  [front](const WaitForStatus& wait) { return wait.front == front; });
}

void Master::tell_without_front(const WaitForStatus& wait, std::string_view why) {
    const std::string known =
        what_workers_do(wire::StatusForm{wait.request.count}, wait.request.app);
    if (!known.empty()) resources_.control.progress({*wait.asker}, known);
    resources_.control.finish(
        {*wait.asker}, kExitFailed,
        fmt::format("{}; {}", why,
                    known.empty() ? "only it knows this: see bundle workers"
                                  : "without it no more is known than what its workers write"));
}

// What the scoreboards say; "": in that form they say nothing.
std::string Master::what_workers_do(wire::StatusForm form, std::string_view app) const {
    using enum wire::StatusForm;
    const bool as_json = form == Json || form == WorkersJson;
    if (!as_json && form != Text && form != Screen && form != Workers) return {};
    std::vector<AppWorkers> apps;
    for (std::size_t i = 0; i < apps_.size(); ++i) {
        const AppConfig& config = current_.config.apps.at(i);
        if (!app.empty() && config.name != app) continue;
        apps.push_back({config.name, config.workers, apps_[i].wanted, config.threads,
                        worker_facts(current_.scoreboards.at(i).used_rows(), config.threads,
                                     Moment::clock::now())});
    }
    if (!as_json) return text_of_apps(apps, workers_text);
    return "{\"not_ready\": \"the front does not answer\",\n\"apps\": " +
           json_of_apps(apps, workers_members) + "}\n";
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
