#include "shared/master/master.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>

#include "shared/base/check.hpp"
#include "shared/base/exit_status.hpp"
#include "shared/base/log.hpp"
#include "shared/config/printer.hpp"

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

std::string in_seconds(milliseconds length) {
    return fmt::format("{:g}s", static_cast<double>(length.count()) / 1000);
}

// "exit=4", "signal=SIGKILL": the words of the arbiter for its workers.
std::string cause(const Ending& ending) {
    if (ending.signal == 0) return fmt::format("exit={}", ending.status);
    const char* const name = sigabbrev_np(ending.signal);
    return name != nullptr ? fmt::format("signal=SIG{}", name)
                           : fmt::format("signal={}", ending.signal);
}

std::string what_next(std::optional<milliseconds> restart_after) {
    if (!restart_after) return "";
    if (*restart_after == milliseconds::zero()) return ", starting it again";
    return ", starting it again in " + in_seconds(*restart_after);
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

Master::Master(Resources resources, const Config& config, std::vector<Child> children,
               StartReport report, Notifier notifier)
    : resources_(std::move(resources)),
      config_text_(print_config(config)),
      stop_within_(config.server.drain_delay + config.server.drain_timeout),
      children_(std::move(children)),
      supervision_(config.apps.size(), config.server.drain_timeout, config.server.drain_delay),
      report_(report),
      notifier_(std::move(notifier)),
      signals_(take_over_signals()) {
    BUNDLE_CHECK(children_.size() == config.apps.size() + 1);
    for (const AppConfig& app : config.apps)
        apps_.push_back({app.name, app.workers, app.min_ready});
}

int Master::run() {
    act();
    while (supervision_.phase() != Phase::Over) {
        wait_for_something();
        act();
    }
    return supervision_.exit_status();
}

void Master::act() {
    for (auto steps = supervision_.due(Supervision::Moment::clock::now()); !steps.empty();
         steps = supervision_.due(Supervision::Moment::clock::now())) {
        for (const Supervision::Step& step : steps) carry_out(step);
    }
    tell_phase();
}

void Master::carry_out(const Supervision::Step& step) {
    Child& child = children_.at(step.child);
    switch (step.order) {
        case Supervision::Order::Start:
            return start(step.child);
        case Supervision::Order::NotReady:
            return child.tell(wire::ControlType::NotReady);
        case Supervision::Order::Drain:
            return child.tell(wire::ControlType::Drain);
        case Supervision::Order::Hurry:
            return child.tell(wire::ControlType::Hurry);
        case Supervision::Order::Kill:
            log_warn("{} does not leave, killing it pid={}", child.name(), child.pid());
            return child.kill();
    }
}

void Master::start(ChildNumber number) {
    Child& child = children_.at(number);
    const auto started = child.start(config_text_);
    const auto now = Supervision::Moment::clock::now();
    if (started) {
        log_debug("{} started pid={}", child.name(), child.pid());
        return supervision_.started(number, now);
    }
    report_.failure(fmt::format("{}: {}", child.name(), started.error().message));
    if (supervision_.phase() == Phase::Starting) return supervision_.give_up(kExitFailed, now);
    supervision_.died(number, {kExitFailed, 0}, now);
}

void Master::wait_for_something() {
    std::vector<pollfd> sources = {
        {signals_.get(), POLLIN, 0}
    };
    for (const Child& child : children_) sources.push_back({child.control(), POLLIN, 0});

    int timeout = -1;
    if (const auto next = supervision_.next_due()) {
        const auto left =
            std::chrono::ceil<milliseconds>(*next - Supervision::Moment::clock::now());
        timeout = static_cast<int>(std::clamp<milliseconds::rep>(left.count(), 0, 3'600'000));
    }
    if (poll(sources.data(), sources.size(), timeout) <= 0) return;

    for (ChildNumber number = 0; number < children_.size(); ++number) {
        if (sources[number + 1].revents == 0) continue;
        if (const auto message = children_[number].hear()) hear(number, *message);
    }
    if (sources.front().revents != 0) take_signals();
}

void Master::take_signals() {
    signalfd_siginfo info{};
    while (read(signals_.get(), &info, sizeof info) == sizeof info) {
        take_signal(static_cast<int>(info.ssi_signo));
    }
}

void Master::take_signal(int signal) {
    switch (signal) {
        case SIGCHLD:
            return reap();
        case SIGTERM:
            return stop(StopKind::Graceful, "SIGTERM");
        case SIGINT:
            return stop(StopKind::Fast, "SIGINT");
        case SIGQUIT:
            return stop(StopKind::Fast, "SIGQUIT");
        default:
            log_warn("SIG{} is not supported yet and changes nothing", sigabbrev_np(signal));
    }
}

void Master::stop(StopKind how, std::string_view signal) {
    log_info("{}: {}", signal,
             how == StopKind::Graceful && !supervision_.stopping()
                 ? fmt::format("stopping gracefully, within {}", in_seconds(stop_within_))
                 : "stopping fast");
    supervision_.stop(how, Supervision::Moment::clock::now());
}

// We may be process 1 of a container: then orphans that we never started end here, too.
void Master::reap() {
    int status = 0;
    for (pid_t pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        const auto child = std::ranges::find(children_, pid, &Child::pid);
        if (child != children_.end())
            bury(static_cast<ChildNumber>(child - children_.begin()), status);
    }
}

void Master::bury(ChildNumber number, int wait_status) {
    Child& child = children_.at(number);
    for (const wire::ControlMessage& message : child.last_words()) hear(number, message);
    const pid_t pid = child.pid();
    child.gone();

    const Ending ending{WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 0,
                        WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : 0};
    const auto next = supervision_.died(number, ending, Supervision::Moment::clock::now());
    const bool expected = !next && ending.status == 0 && ending.signal == 0;
    if (expected) return log_info("{} left pid={}", child.name(), pid);
    log_event(supervision_.stopping() ? LogLevel::Warn : LogLevel::Error, "{} died pid={} {}{}",
              child.name(), pid, cause(ending), what_next(next));
}

void Master::hear(ChildNumber number, const wire::ControlMessage& message) {
    Child& child = children_.at(number);
    switch (message.type) {
        case wire::ControlType::Ready:
            log_debug("{} is up pid={}", child.name(), child.pid());
            if (number == kFront) supervision_.front_ready();
            return;
        case wire::ControlType::WorkersReady:
            return count_workers(message);
        case wire::ControlType::Failed:
            return report_.failure(message.text);
        default:
            log_warn("{} sends what only the master says", child.name());
    }
}

void Master::count_workers(const wire::ControlMessage& message) {
    const auto app = std::ranges::find(apps_, message.app, &AppProgress::name);
    if (app == apps_.end())
        return log_warn("front counts workers of an unknown app {}", log_quoted(message.app));
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
    // A listener that is open here goes on taking connections that the front will never see.
    if (phase != Phase::NotReady) resources_.stop_listening();
    if (began_to_stop) {
        using std::chrono::microseconds;
        const auto limit = stop_within_ + Supervision::kHurryTimeout * 2;
        notifier_.say(
            fmt::format("STOPPING=1\nEXTEND_TIMEOUT_USEC={}", microseconds(limit).count()));
    }
    notifier_.say(fmt::format("STATUS={}", doing(phase)));
}

}  // namespace bundle
