// The master and a reload: what Reload decides is carried out here.
#include <fmt/format.h>

#include <algorithm>

#include "shared/base/exit_status.hpp"
#include "shared/base/log.hpp"
#include "shared/base/process_title.hpp"
#include "shared/base/version.hpp"
#include "shared/config/descriptor_need.hpp"
#include "shared/master/launch.hpp"
#include "shared/master/master.hpp"

namespace bundle {

namespace {

std::int64_t microseconds_now() {
    using namespace std::chrono;
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

wire::ControlMessage order(wire::ControlType type, std::uint32_t generation) {
    return {.type = type, .app = {}, .text = {}, .generation = generation};
}

}  // namespace

// One that is wanted while another is under way follows it, however often it is wanted: then the
// file that was there last is the one that serves. Under dev.reload it comes in its place.
void Master::want_reload(std::string_view who, std::optional<ControlSocket::Asker> asker) {
    if (supervision_.stopping()) {
        log_info("{}: bundle is stopping", who);
        if (asker) resources_.control.finish({*asker}, kExitFailed, "bundle is stopping");
        return;
    }
    const bool waits = (next_ && !is_outdated_by_change()) || check_;
    log_event(usual(), "{}: {}", who,
              waits   ? "reloading when what is under way is done"
              : next_ ? "reloading anew; what is under way is abandoned"
                      : "reading the file again");
    reload_cause_ = who;
    reload_wanted_at_ = Moment::clock::now();
    if (asker) {
        wait_for_reload_.push_back(*asker);
        if (waits)
            resources_.control.progress({*asker},
                                        "waiting for what is under way: a reload or an "
                                        "upgrade");
    }
    reload_wanted_ = true;
}

void Master::act_on_reload() {
    if (check_) look_at_check();
    if (supervision_.stopping()) return refuse_reload("bundle is stopping");
    if (next_ && reload_wanted_ && is_outdated_by_change()) {
        const Askers askers = give_up_next()->askers;
        wait_for_reload_.insert(wait_for_reload_.end(), askers.begin(), askers.end());
        carry_out_what_is_due();
    }
    if (!next_ && !check_) {
        if (reload_wanted_)  // a start that does not get ready is replaced by what the file says
                             // now
            begin_reload();
        else if (upgrade_wanted_ && supervision_.phase() == Phase::Serving)
            begin_upgrade();
    }
    while (next_) {
        const auto what = next_->reload.due(Moment::clock::now());
        if (!what) return;
        carry_out(*what);
    }
}

void Master::begin_reload() {
    reload_wanted_ = false;
    const Askers askers = std::exchange(wait_for_reload_, {});
    if (supervision_.phase() == Phase::Serving)
        notifier_.say(fmt::format("RELOADING=1\nMONOTONIC_USEC={}\nSTATUS={}", microseconds_now(),
                                  under_way()));
    const auto reading = file_.read_again(current_.config);
    if (!reading) return reload_failed(askers, reading.error().message, kExitUsage);
    for (const std::string& warning : reading->loaded.warnings)
        if (std::ranges::find(current_.warnings, warning) == current_.warnings.end())
            log_warn("{}", warning);
    if (const auto prepared = prepare_next(*reading); !prepared)
        return reload_failed(askers, prepared.error().message, kExitFailed);
    next_->askers = askers;
}

Result<void> Master::prepare_next(const Reading& reading) {
    look_at_sockets();
    TRY_ASSIGN(Logs logs, open_logs(reading.loaded.config.log));
    TRY_ASSIGN(Generation generation,
               open_generation(reading.loaded, std::move(logs), resources_, &current_));
    generation.number = ++last_generation_;
    TRY_ASSIGN(std::vector<Child> arbiters, arbiters_of(reading.plan, generation.number));
    raise_descriptor_limit(descriptor_need(generation.config));
    if (upgrading_) {
        TRY(prepare_front(generation, reading.plan));
    } else {
        if (kind_of_workers(reading.plan) == RunDirectory::WorkersAre::AnyUser)
            TRY(resources_.run_directory.admit(*resources_.workers,
                                               RunDirectory::WorkersAre::AnyUser));
        TRY(tell_front_to_prepare(generation));
    }
    std::vector<Reload::App> needs;
    for (const AppConfig& app : generation.config.apps)
        needs.push_back({app.name, first_workers_of(app), app.min_ready, app.boot_timeout});
    Reload reload(std::move(needs), current_.config.apps.size(), Moment::clock::now());
    next_ = std::make_unique<Next>(
        Next{std::move(generation), std::move(arbiters), std::move(reload), {}});
    return {};
}

Result<void> Master::tell_front_to_prepare(const Generation& generation) {
    TRY_ASSIGN(const OwnedFd text, sealed_text(generation.text));
    std::vector<int> descriptors = {text.get(), generation.logs.access.get(),
                                    generation.logs.error_fd(), generation.certificates.sealed()};
    for (const Listener& listener : generation.listeners) descriptors.push_back(listener.fd.get());
    for (const OwnedFd& view : generation.scoreboard_views) descriptors.push_back(view.get());
    if (!children_.at(current_.front)
             .tell(order(wire::ControlType::Prepare, generation.number), descriptors))
        return failure("the front does not hear; it may just be started again");
    return {};
}

// It stands beside the one that serves, with the same listeners, and has a place of its own where
// its workers come.
Result<void> Master::prepare_front(Generation& generation, const Plan& plan) {
    TRY_ASSIGN(Child front, front_of(plan, generation.number));
    TRY_ASSIGN(WorkerSocket socket,
               resources_.run_directory.listen_for_workers(
                   fmt::format("workers-{}.sock", generation.number), kind_of_workers(plan)));
    generation.workers = std::make_shared<const WorkerSocket>(std::move(socket));
    generation.front = supervision_.add_front_candidate();
    children_.emplace(generation.front, std::move(front));
    return {};
}

bool Master::is_next_front(ChildNumber number) const {
    return next_ && number == next_->generation.front && number != current_.front;
}

void Master::reload_failed(const Askers& askers, const std::string& reason, int exit_status) {
    const std::string_view failed = what();
    upgrading_ = false;
    const bool starting = supervision_.phase() == Phase::Starting;
    const std::string line =
        fmt::format("{} failed; what {} before goes on {}", failed,
                    starting ? "was started" : "served", starting ? "starting" : "serving");
    report_.failure(reason);
    log_error("{}", line);
    resources_.control.finish(askers, exit_status, fmt::format("{}\n{}", reason, line));
    if (!starting) notifier_.say(fmt::format("READY=1\nSTATUS=ready; the last {} failed", failed));
    children_.at(current_.front)
        .tell({.type = wire::ControlType::ReloadFailed, .app = {}, .text = {}});
}

bool Master::concerns_next(ChildNumber number, const wire::ControlMessage& failed) const {
    if (!next_ || next_->reload.stage() == Reload::Stage::Failed) return false;
    if (number == current_.front) return failed.generation == next_->generation.number;
    return next_->generation.has(number);
}

void Master::hear_of_reload(const wire::ControlMessage& message) {
    if (!next_) return;
    const auto now = Moment::clock::now();
    if (message.type == wire::ControlType::Noted) next_->reload.arbiter_noted(now);
    const bool of_next = message.generation == next_->generation.number;
    if (message.type == wire::ControlType::Prepared && of_next) next_->reload.front_prepared(now);
}

void Master::lost_in_reload(ChildNumber number, const std::string& cause) {
    if (!next_) return;
    if (is_next_front(number)) {
        next_->reload.fail(fmt::format("the new front died ({})", cause));
    } else if (number == next_->generation.front) {
        next_->reload.fail(fmt::format("the front died ({}) while it was reloaded", cause));
    } else if (next_->generation.has_arbiter(number)) {
        const std::size_t app = number - next_->generation.first_arbiter;
        next_->reload.fail(fmt::format("app {}: its new arbiter died ({})",
                                       next_->generation.config.apps.at(app).name, cause));
    } else if (current_.has_arbiter(number)) {
        next_->reload.arbiter_noted(Moment::clock::now());
    }
}

void Master::carry_out(Reload::Order what) {
    switch (what) {
        case Reload::Order::Announce:
            return announce();
        case Reload::Order::Boot:
            return boot_next();
        case Reload::Order::Commit:
            return commit_next();
        case Reload::Order::Abandon:
            return abandon_next();
    }
}

// One that hears nothing is about to be started again; it will not be waited for.
void Master::announce() {
    tell_reload("the configuration is good; the applications are started");
    for (std::size_t app = 0; app < current_.config.apps.size(); ++app) {
        Child& arbiter = children_.at(current_.first_arbiter + app);
        if (!arbiter.is_up() || !arbiter.tell(order(wire::ControlType::Reloading, current_.number)))
            next_->reload.arbiter_noted(Moment::clock::now());
    }
}

void Master::boot_next() {
    Generation& generation = next_->generation;
    generation.first_arbiter = supervision_.add_candidates(next_->arbiters.size());
    ChildNumber number = generation.first_arbiter;
    for (Child& arbiter : next_->arbiters) children_.emplace(number++, std::move(arbiter));
    next_->arbiters.clear();
}

void Master::count_next_workers(const wire::ControlMessage& message) {
    if (!next_ || message.generation != next_->generation.number) return;
    const auto& apps = next_->reload.apps();
    const auto app = std::ranges::find(apps, message.app, &Reload::App::name);
    if (app == apps.end()) return;
    tell_reload(fmt::format("app {}: {}/{} ready", app->name, message.count, app->workers));
    next_->reload.workers_ready(static_cast<std::size_t>(app - apps.begin()), message.count,
                                Moment::clock::now());
}

void Master::commit_next() {
    // The old workers end the requests that they have; their arbiter sees to it that none takes
    // longer than its route or bundle.extend_deadline allows, which is a day at most.
    constexpr milliseconds kLongestRequest = std::chrono::hours(24);
    constexpr milliseconds kHurry = Supervision::kHurryTimeout;
    const std::unique_ptr<Next> next = std::move(next_);
    Generation before = std::exchange(current_, std::move(next->generation));

    const bool is_upgrade = current_.front != before.front;
    take_over(before.listeners, current_.listeners);
    const StopTimes times = stop_times(current_.config);
    if (is_upgrade) {
        tell_front_to_commit();
        former_workers_.emplace(before.front, std::exchange(resources_.workers, current_.workers));
        milliseconds leave_within{};
        for (const AppConfig& app : before.config.apps)
            leave_within = std::max(leave_within, app.graceful_timeout + kHurry);
        supervision_.commit_upgrade(current_.config.server.upgrade_timeout, leave_within, times,
                                    Moment::clock::now());
    } else {
        supervision_.commit(kLongestRequest + kHurry, times, Moment::clock::now());
        // The old arbiters hear of it first: the front sends their workers away, and they must not
        // replace them.
        carry_out_what_is_due();
        tell_front_to_commit();
    }
    forget_children();
    use_log();
    follow_sources();
    set_process_title(fmt::format("bundle: {} master", current_.config.server.name));
    for (AppProgress& app : apps_)
        resources_.control.finish(app.wait_for_scale, kExitFailed, "a reload came in between");
    expect_workers();
    for (AppProgress& app : apps_) app.complete = true;  // as far as that is told
    for (std::size_t app = 0; app < apps_.size(); ++app) {
        const Reload::App& begun = next->reload.apps().at(app);
        apps_[app].connected = begun.ready;
        apps_[app].scaled = begun.workers != std::exchange(apps_[app].wanted, begun.workers);
        tell_front_of_scale(apps_[app]);
    }
    const std::string serves = fmt::format("generation {} serves", current_.number);
    report_.line(current_.config.dev.reload && !is_upgrade ? in_one_line_for_developers()
                 : is_upgrade                              ? "upgraded: " + serves
                                                           : "reloaded: " + serves);
    upgrading_ = false;
    resources_.control.finish(
        next->askers, kExitWell,
        is_upgrade ? fmt::format("bundle {} serves: {}", kBundleVersion, serves) : serves);
    notifier_.say("READY=1\nSTATUS=ready");
    if (next->logs_reopened) reopen_logs();
    act();
}

// Each save is a reload, and a person looks on.
std::string Master::in_one_line_for_developers() const {
    const std::chrono::duration<double> took = Moment::clock::now() - reload_wanted_at_;
    return fmt::format("reloaded in {:.2f} s: {}", took.count(), reload_cause_);
}

void Master::tell_front_to_commit() {
    Child& front = children_.at(current_.front);
    if (front.tell(order(wire::ControlType::Commit, current_.number))) return;
    log_error("the front does not hear; it is started again");
    front.kill("does_not_hear");
}

// What is imported may be what the change has mended, and stuck: nobody waits for that.
bool Master::is_outdated_by_change() const { return current_.config.dev.reload && !upgrading_; }

std::unique_ptr<Master::Next> Master::give_up_next() {
    std::unique_ptr<Next> next = std::move(next_);
    if (!upgrading_)
        children_.at(current_.front)
            .tell(order(wire::ControlType::Abandon, next->generation.number));
    supervision_.abandon(Moment::clock::now());
    forget_children();
    return next;
}

void Master::abandon_next() {
    const std::unique_ptr<Next> next = give_up_next();
    reload_failed(next->askers, next->reload.reason(), next->reload.exit_status());
    act();
}

// Who waited for a start, and now never will be started.
void Master::forget_children() {
    std::erase_if(children_, [this](const auto& entry) {
        return !supervision_.children().contains(entry.first);
    });
}

// Those that are under way or wanted.
void Master::refuse_reload(const std::string& reason) {
    reload_wanted_ = upgrade_wanted_ = false;
    check_.reset();
    resources_.control.finish(std::exchange(wait_for_reload_, {}), kExitFailed, reason);
    resources_.control.finish(std::exchange(wait_for_upgrade_, {}), kExitFailed, reason);
    if (!next_) return;
    next_->reload.fail(reason);
    abandon_next();
}

void Master::renew_certificates() {
    if (!current_.certificates.look(Moment::clock::now())) return;
    log_info("certificates are renewed");
    // One that does not run now finds them when it is started.
    const int sealed = current_.certificates.sealed();
    children_.at(current_.front)
        .tell(order(wire::ControlType::Certificates, current_.number), {&sealed, 1});
}

void Master::tell_reload(const std::string& line) {
    log_event(usual(), "{}: {}", what(), line);
    resources_.control.progress(next_->askers, line);
    notifier_.say(fmt::format("STATUS={}: {}", under_way(), line));
}

}  // namespace bundle
