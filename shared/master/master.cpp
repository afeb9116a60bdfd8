#include "shared/master/master.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>

#include <algorithm>
#include <array>
#include <csignal>

#include "shared/base/check.hpp"
#include "shared/base/exit_status.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace {

constexpr std::array kSignals = {SIGCHLD, SIGTERM, SIGINT,  SIGQUIT, SIGHUP,
                                 SIGUSR1, SIGUSR2, SIGTTIN, SIGTTOU};

OwnedFd take_over_signals() {
    std::signal(SIGPIPE, SIG_IGN);  // a log that was a pipe must not take us along
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : kSignals) sigaddset(&set, signal);
    sigprocmask(SIG_BLOCK, &set, nullptr);
    return OwnedFd(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

std::string_view doing(Phase phase) {
    switch (phase) {
        case Phase::Starting:
            return "starting";
        case Phase::Serving:
            return "ready";
        case Phase::NotReady:
            return "not ready, serving on for server.drain_delay";
        case Phase::DrainingFront:
            return "draining: clients get the answers they wait for";
        case Phase::DrainingApps:
            return "draining: the applications leave";
        case Phase::Hurrying:
            return "stopping now";
        case Phase::Killing:
            return "killing what is left";
        case Phase::Over:
            return "stopped";
    }
    return "";
}

}  // namespace

Master::Master(ServedFile file, Resources resources, Generation first, Children children,
               Notifier notifier, CommandLine words)
    : file_(std::move(file)),
      resources_(std::move(resources)),
      current_(std::move(first)),
      supervision_(current_.config.apps.size(), stop_times(current_.config)),
      report_(current_.logs.error_fd()),
      notifier_(std::move(notifier)),
      signals_(take_over_signals()),
      words_(std::move(words)) {
    BUNDLE_CHECK(children.arbiters.size() == current_.config.apps.size());
    current_.first_arbiter = arbiter_of(0);
    children_.emplace(kFront, std::move(children.front));
    for (std::size_t app = 0; app < children.arbiters.size(); ++app)
        children_.emplace(arbiter_of(app), std::move(children.arbiters[app]));
    expect_workers();
    // Its import in the arbiter, and where that leaves something behind, once more in each worker.
    milliseconds longest{};
    for (const AppConfig& app : current_.config.apps)
        longest = std::max(longest, app.boot_timeout * 2 + Reload::kBootGrace);
    constexpr std::chrono::minutes kFilesOnly{1};
    start_by_ = Moment::clock::now() + (current_.config.apps.empty() ? kFilesOnly : longest);
}

Master::Master(ServedFile file, Resources resources, Generation serving, Notifier notifier,
               CommandLine words, Continued all)
    : file_(std::move(file)),
      resources_(std::move(resources)),
      current_(std::move(serving)),
      children_(std::move(all.children)),
      supervision_(std::move(all.supervision)),
      report_(current_.logs.error_fd()),
      notifier_(std::move(notifier)),
      signals_(take_over_signals()),
      told_(Phase::Serving),
      logs_reopened_(all.logs_reopened),
      in_maintenance_(all.in_maintenance),
      last_generation_(all.last_generation),
      reload_wanted_(true),
      wait_for_reload_(std::move(all.askers)),
      words_(std::move(words)),
      upgrading_(true),
      former_workers_(std::move(all.former_workers)) {
    expect_workers();
    for (std::size_t app = 0; app < apps_.size(); ++app) {
        apps_[app].wanted = all.apps.at(app).wanted;
        apps_[app].connected = all.apps[app].connected;
        apps_[app].scaled = all.apps[app].scaled;
        apps_[app].complete = true;
    }
    reap();  // who ended while nobody looked
}

void Master::expect_workers() {
    apps_.clear();
    for (const AppConfig& app : current_.config.apps)
        apps_.push_back({.name = app.name, .wanted = app.workers.min, .min_ready = app.min_ready});
}

int Master::run() {
    follow_sources();
    act();
    while (supervision_.phase() != Phase::Over) {
        beat();
        wait_for_something();
        act();
    }
    const int status = supervision_.exit_status();
    std::string end = status == kExitWell ? "stopped" : "it ended with an error";
    if (cut_off_ > 0)
        end += fmt::format("; requests that were cut off, and stand in the log: {}", cut_off_);
    resources_.control.finish(wait_for_end_, status == kExitWell ? kExitWell : kExitFailed, end);
    return status;
}

void Master::act() {
    expire_start();
    carry_out_what_is_due();
    tell_phase();
    expire_scales();
    expire_status();
    renew_certificates();
    look_at_sources();
    act_on_reload();
    hold_requests_or_not();
}

void Master::carry_out_what_is_due() {
    for (auto steps = supervision_.due(Moment::clock::now()); !steps.empty();
         steps = supervision_.due(Moment::clock::now())) {
        for (const Supervision::Step& step : steps) carry_out(step);
    }
}

void Master::carry_out(const Supervision::Step& step) {
    const auto found = children_.find(step.child);
    if (found == children_.end()) return;  // it has ended meanwhile
    Child& child = found->second;
    switch (step.order) {
        case Supervision::Order::Start:
            return start(step.child);
        case Supervision::Order::NotReady:
            child.tell({.type = wire::ControlType::NotReady, .app = {}, .text = {}});
            return;
        case Supervision::Order::Retire:
            child.tell({.type = wire::ControlType::Retire, .app = {}, .text = {}});
            return;
        case Supervision::Order::HandOver:
            child.tell({.type = wire::ControlType::HandOver, .app = {}, .text = {}});
            return;
        case Supervision::Order::Drain:
            if (step.child == current_.front)
                std::ranges::for_each(current_.listeners, turn_newcomers_away);
            child.tell({.type = wire::ControlType::Drain, .app = {}, .text = {}});
            return;
        case Supervision::Order::Hurry:
            child.tell({.type = wire::ControlType::Hurry, .app = {}, .text = {}});
            return;
        case Supervision::Order::Kill:
            log_warn("{} does not leave, killing it pid={}", child.name(), child.pid());
            return child.kill("does_not_leave");
    }
}

Outfit Master::outfit_of(ChildNumber number) const {
    if (number == current_.front) return outfit_of_front(current_, resources_, FrontBegins::AtOnce);
    if (is_next_front(number))
        return outfit_of_front(next_->generation, resources_, FrontBegins::AtCommit);
    const Generation& generation = current_.has(number) ? current_ : next_->generation;
    return outfit_of_arbiter(generation, number - generation.first_arbiter, resources_);
}

void Master::start(ChildNumber number) {
    Child& child = children_.at(number);
    const auto started = child.start(outfit_of(number));
    const auto now = Supervision::Moment::clock::now();
    if (started) {
        log_debug("{} started pid={}", child.name(), child.pid());
        return supervision_.started(number, now);
    }
    report_.failure(fmt::format("{}: {}", child.name(), started.error().message));
    if (supervision_.phase() == Phase::Starting && current_.has(number))
        return supervision_.give_up(kExitFailed, now);
    supervision_.died(number, {kExitFailed, 0}, now);
    lost_in_reload(number, "it could not be started");
    if (!current_.has(number)) children_.erase(number);
}

void Master::wait_for_something() {
    std::vector<pollfd> sources = {
        {signals_.get(), POLLIN, 0}
    };
    std::vector<ChildNumber> numbers;
    for (const auto& [number, child] : children_) {
        numbers.push_back(number);
        sources.push_back({child.control(), POLLIN, 0});
    }
    const std::size_t of_certificates = sources.size();
    sources.push_back({current_.certificates.fd(), POLLIN, 0});
    sources.push_back({check_ ? check_->fd() : -1, POLLIN, 0});
    resources_.control.add_sources(sources);
    sources_.add_sources(sources);
    if (poll(sources.data(), sources.size(), wait_at_most()) <= 0) return;

    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (sources[i + 1].revents == 0) continue;
        if (const auto message = children_.at(numbers[i]).hear()) hear(numbers[i], *message);
    }
    if (sources[of_certificates].revents != 0)
        current_.certificates.note_change(Moment::clock::now());
    if (check_) check_->hear();
    for (const ControlSocket::Asked& asked : resources_.control.hear()) obey(asked);
    if (sources.front().revents != 0) take_signals();
}

int Master::wait_at_most() const {
    Moment next = next_beat_;
    const auto no_later_than = [&](std::optional<Moment> due) {
        next = std::min(next, due.value_or(next));
    };
    no_later_than(supervision_.next_due());
    for (const AppProgress& app : apps_) no_later_than(app.scaled_by);
    for (const WaitForStatus& wait : wait_for_status_)
        if (wait.asker) no_later_than(wait.until);
    if (supervision_.phase() == Phase::Starting && !next_) no_later_than(start_by_);
    no_later_than(current_.certificates.next_due());
    if (next_) no_later_than(next_->reload.next_due());
    if (check_) no_later_than(check_->deadline());
    no_later_than(sources_.next_due());
    const auto left = std::chrono::ceil<milliseconds>(next - Moment::clock::now());
    return static_cast<int>(std::max<milliseconds::rep>(left.count(), 0));
}

void Master::hear(ChildNumber number, const wire::ControlMessage& message) {
    Child& child = children_.at(number);
    switch (message.type) {
        case wire::ControlType::Ready:
            log_debug("{} is up pid={}", child.name(), child.pid());
            if (in_maintenance_) tell_of_maintenance(number);
            if (supervision_.children().at(number).is_front) tell_of_restarts(number);
            if (number == current_.front) {
                for (const AppProgress& app : apps_) tell_front_of_scale(app);
                return supervision_.front_ready();
            }
            if (is_next_front(number)) return next_->reload.front_prepared(Moment::clock::now());
            if (next_ && next_->generation.has_arbiter(number)) return tell_next_of_scale(number);
            if (!current_.has(number)) return;
            if (logs_reopened_) tell_of_logs(child);
            return tell_of_scale(number - current_.first_arbiter);
        case wire::ControlType::WorkersReady:
            return count_workers(message);
        case wire::ControlType::Prepared:
        case wire::ControlType::Noted:
            return hear_of_reload(message);
        case wire::ControlType::MoreWorkers:
        case wire::ControlType::FewerWorkers:
            return scale_by_queue(number, message);
        case wire::ControlType::Failed:
            if (concerns_next(number, message))
                return next_->reload.fail(message.text, exit_status_of(message));
            return report_.failure(message.text);
        case wire::ControlType::CutOff:
            cut_off_ += message.count;
            return;
        case wire::ControlType::Alive:
            return;
        case wire::ControlType::NotBooted:
            return fail_scale(message);
        case wire::ControlType::Unresponsive:
            return pass_unresponsive_on(number, message);
        case wire::ControlType::WorkerEnded:
            oom_kills_.went_up();  // for its end; the next one is another's
            resources_.terminal.restore();
            [[fallthrough]];
        case wire::ControlType::SlowRequest:
            children_.at(current_.front).tell(message);
            return;
        case wire::ControlType::Status:
            return pass_status_on(number, message);
        case wire::ControlType::Stacks:
            return message.text.empty() ? no_stacks_from(number, message.count)
                                        : pass_stacks_on(message);
        default:
            log_warn("{} sends what only the master says", child.name());
    }
}

// A front has no number to say.
int Master::exit_status_of(const wire::ControlMessage& failed) {
    const auto status = static_cast<int>(failed.count);
    return status == kExitWorkerFailed || status == kExitAppNotLoaded ? status : kExitFailed;
}

void Master::count_workers(const wire::ControlMessage& message) {
    if (message.generation != current_.number) return count_next_workers(message);
    const auto app = std::ranges::find(apps_, message.app, &AppProgress::name);
    if (app == apps_.end())
        return log_warn("front counts workers of an unknown app {}", log_quoted(message.app));
    app->connected = message.count;
    note_scale(*app);
    if (!app->complete) {
        report_.line(fmt::format("app {}: {}/{} workers", app->name, message.count, app->wanted));
    }
    app->complete = app->complete || message.count >= app->wanted;
    notifier_.say(fmt::format("STATUS={}: {}/{} workers", app->name, message.count, app->wanted));
    supervision_.workers_ready(static_cast<std::size_t>(app - apps_.begin()),
                               message.count >= app->min_ready ? message.count : 0);
}

// What people, the log and systemd hear when the phase has changed.
void Master::tell_phase() {
    const Phase phase = supervision_.phase();
    if (phase == told_) return;
    const bool began_to_stop = told_ <= Phase::Serving && phase > Phase::Serving;
    told_ = phase;
    if (phase == Phase::Serving) {
        report_.line("ready");
        return notifier_.say("READY=1\nSTATUS=ready");
    }
    log_info("{}", doing(phase));
    if (phase != Phase::Over) resources_.control.progress(wait_for_end_, doing(phase));
    // A listener that is open here goes on taking connections that the front will never see.
    if (phase != Phase::NotReady) {
        current_.listeners.clear();
        resources_.inherited.clear();
    }
    if (began_to_stop) {
        using std::chrono::microseconds;
        const auto limit = stop_times(current_.config).both() + Supervision::kHurryTimeout * 2;
        notifier_.say(
            fmt::format("STOPPING=1\nEXTEND_TIMEOUT_USEC={}", microseconds(limit).count()));
    }
    notifier_.say(fmt::format("STATUS={}", doing(phase)));
}

}  // namespace bundle
