// The master and the number of workers: what signals and commands want of it, until a reload.
#include <fmt/format.h>

#include <algorithm>

#include "shared/base/exit_status.hpp"
#include "shared/base/log.hpp"
#include "shared/config/printer.hpp"
#include "shared/master/master.hpp"

namespace bundle {

namespace {

// Who waits for more workers than can boot hears of it after this time.
constexpr milliseconds kScaleTimeout{60'000};

}  // namespace

// Whoever says a number means it: the queue has no say any more, also where front or arbiter are
// started again.
void Master::scale(std::size_t app, std::uint32_t workers) {
    if (current_.config.apps.at(app).workers.varies())
        log_info("app {}: its queue changes the number no more, until the next reload",
                 apps_.at(app).name);
    current_.config.apps.at(app).workers = workers;
    current_.text = print_config(current_.config);
    apps_.at(app).wanted = workers;
    apps_.at(app).scaled = true;
    tell_of_scale(app);
}

void Master::scale_by_queue(ChildNumber front, const wire::ControlMessage& wish) {
    const auto found = std::ranges::find(apps_, wish.app, &AppProgress::name);
    if (front != current_.front || wish.generation != current_.number || found == apps_.end())
        return;
    const auto app = static_cast<std::size_t>(found - apps_.begin());
    const WorkerRange& range = current_.config.apps.at(app).workers;
    const bool more = wish.type == wire::ControlType::MoreWorkers;
    // Those that are on their way come first: workers that do not boot are not made more.
    if (!range.varies() || supervision_.stopping() || (more && found->connected < found->wanted))
        return;
    // Where requests wait already, half as many more come at once.
    const std::uint32_t wanted =
        more ? found->wanted + std::max(found->wanted / 2, 1U) : found->wanted - 1;
    const std::uint32_t workers = std::clamp(wanted, range.min, range.max);
    if (workers == found->wanted) return;
    log_info("app {}: {} workers in place of {}: {}", found->name, workers, found->wanted,
             wish.text);
    found->wanted = workers;
    found->scaled = true;
    tell_of_scale(app);
}

void Master::pass_unresponsive_on(ChildNumber front, const wire::ControlMessage& worker) {
    const auto app = std::ranges::find(apps_, worker.app, &AppProgress::name);
    if (front != current_.front || worker.generation != current_.number || app == apps_.end())
        return;
    const auto number = static_cast<std::size_t>(app - apps_.begin());
    children_.at(current_.first_arbiter + number).tell(worker);
}

// A release that is deployed under load begins with as many as there are.
std::uint32_t Master::first_workers_of(const AppConfig& app) const {
    const auto now = std::ranges::find(apps_, app.name, &AppProgress::name);
    if (now == apps_.end()) return app.workers.min;
    return std::clamp(now->wanted, app.workers.min, app.workers.max);
}

// For its status alone.
void Master::tell_front_of_scale(const AppProgress& app) {
    Child& front = children_.at(current_.front);
    if (front.is_up())
        front.tell(
            {.type = wire::ControlType::Scale, .count = app.wanted, .app = app.name, .text = {}});
}

void Master::tell_of_scale(std::size_t app) {
    tell_front_of_scale(apps_.at(app));
    Child& arbiter = children_.at(current_.first_arbiter + app);
    if (!apps_.at(app).scaled || !arbiter.is_up()) return;  // it is told when it is up
    arbiter.tell({.type = wire::ControlType::Scale,
                  .count = apps_.at(app).wanted,
                  .app = apps_.at(app).name,
                  .text = {}});
}

void Master::tell_next_of_scale(ChildNumber arbiter) {
    const std::size_t number = arbiter - next_->generation.first_arbiter;
    const Reload::App& app = next_->reload.apps().at(number);
    if (app.workers == next_->generation.config.apps.at(number).workers.min) return;
    children_.at(arbiter).tell(
        {.type = wire::ControlType::Scale, .count = app.workers, .app = app.name, .text = {}});
}

void Master::scale_all(int by, std::string_view who) {
    if (supervision_.stopping()) return log_info("{}: bundle is stopping", who);
    for (std::size_t app = 0; app < apps_.size(); ++app) {
        const int wanted =
            std::clamp(static_cast<int>(apps_[app].wanted) + by, 1, static_cast<int>(kMostWorkers));
        log_info("{}: app {} gets {} workers", who, apps_[app].name, wanted);
        scale(app, static_cast<std::uint32_t>(wanted));
    }
}

Master::AppProgress* Master::app_asked_for(const ControlSocket::Asked& asked) {
    const auto app = std::ranges::find(apps_, asked.request.app, &AppProgress::name);
    if (app != apps_.end()) return &*app;
    std::vector<std::string_view> names;
    for (const AppProgress& one : apps_) names.push_back(one.name);
    resources_.control.finish(
        {asked.asker}, kExitUsage,
        fmt::format("there is no app {}, but: {}", asked.request.app,
                    names.empty() ? "none" : fmt::to_string(fmt::join(names, ", "))));
    return nullptr;
}

void Master::scale_by_command(const ControlSocket::Asked& asked) {
    const std::uint32_t count = asked.request.count;
    AppProgress* app = app_asked_for(asked);
    if (app == nullptr) return;
    if (supervision_.stopping())
        return resources_.control.finish({asked.asker}, kExitFailed, "bundle is stopping");
    if (count < 1 || count > kMostWorkers) {
        return resources_.control.finish({asked.asker}, kExitUsage,
                                         fmt::format("an app has 1 to {} workers", kMostWorkers));
    }
    app->wait_for_scale.push_back(asked.asker);
    app->scaled_by = Moment::clock::now() + kScaleTimeout;
    scale(static_cast<std::size_t>(app - apps_.data()), count);
    note_scale(*app);
}

// Tells those who wait how far it is.
void Master::note_scale(AppProgress& app) {
    if (app.wait_for_scale.empty()) return;
    const std::string line =
        fmt::format("app {}: {}/{} workers", app.name, app.connected, app.wanted);
    if (app.connected != app.wanted) return resources_.control.progress(app.wait_for_scale, line);
    app.scaled_by.reset();
    resources_.control.finish(std::exchange(app.wait_for_scale, {}), kExitWell, line);
}

// Whoever waits need not wait for the others.
void Master::fail_scale(const wire::ControlMessage& not_booted) {
    const auto app = std::ranges::find(apps_, not_booted.app, &AppProgress::name);
    if (app == apps_.end() || app->wait_for_scale.empty()) return;
    app->scaled_by.reset();
    resources_.control.finish(
        std::exchange(app->wait_for_scale, {}), exit_status_of(not_booted),
        fmt::format("{}\n{} of {} workers are there; the others are tried again", not_booted.text,
                    app->connected, app->wanted));
}

void Master::expire_scales() {
    for (AppProgress& app : apps_) {
        if (!app.scaled_by || Moment::clock::now() < *app.scaled_by) continue;
        app.scaled_by.reset();
        resources_.control.finish(
            std::exchange(app.wait_for_scale, {}), kExitFailed,
            fmt::format("app {}: {} of {} workers are there after {} s; why stands in the log",
                        app.name, app.connected, app.wanted, kScaleTimeout.count() / 1000));
    }
}

}  // namespace bundle
