// What the master is told to do: signals and commands.
#include <fmt/format.h>
#include <sys/signalfd.h>

#include <algorithm>
#include <csignal>

#include "shared/base/log.hpp"
#include "shared/config/units.hpp"
#include "shared/master/master.hpp"

namespace bundle {

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
        case SIGHUP:
            if (resources_.terminal.is_gone()) return stop(StopKind::Fast, "the terminal is gone");
            return want_reload("SIGHUP", std::nullopt);
        case SIGUSR1:
            return reopen_logs();
        case SIGUSR2:
            return want_upgrade("SIGUSR2", std::nullopt);
        case SIGTTIN:
            return scale_all(+1, "SIGTTIN");
        case SIGTTOU:
            return scale_all(-1, "SIGTTOU");
        default:
            return;
    }
}

void Master::obey(const ControlSocket::Asked& asked) {
    switch (asked.request.command) {
        case wire::Command::Stop:
            wait_for_end_.push_back(asked.asker);
            if (!supervision_.stopping()) stop(StopKind::Graceful, "bundle stop");
            return;
        case wire::Command::Reload:
            return want_reload("bundle reload", asked.asker);
        case wire::Command::Scale:
            return scale_by_command(asked);
        case wire::Command::Upgrade:
            return want_upgrade("bundle upgrade", asked.asker);
        case wire::Command::Maintenance:
            return maintain(asked);
        case wire::Command::Status:
            return ask_status(asked);
        case wire::Command::Stack:
            return ask_stacks(asked);
    }
}

// Until it is told otherwise: a reload, an upgrade or another front changes nothing about it.
void Master::maintain(const ControlSocket::Asked& asked) {
    in_maintenance_ = asked.request.count != 0;
    for (const auto& [number, child] : children_)
        if (child.is_up()) tell_of_maintenance(number);
    const bool kept_by_file = std::ranges::any_of(
        current_.config.sites, [](const SiteConfig& site) { return site.maintenance.on; });
    std::string_view text = "every site is in maintenance until: bundle maintenance off";
    if (!in_maintenance_ && kept_by_file)
        text =
            "maintenance is over, but for sites whose maintenance.on is true in the configuration";
    else if (!in_maintenance_)
        text = "maintenance is over";
    log_info("bundle maintenance: {}", text);
    resources_.control.finish({asked.asker}, kExitWell, text);
}

// One that is up; an arbiter need not know.
void Master::tell_of_maintenance(ChildNumber number) {
    if (number != current_.front && !is_next_front(number)) return;
    children_.at(number).tell({.type = wire::ControlType::Maintenance,
                               .count = in_maintenance_ ? 1U : 0U,
                               .app = {},
                               .text = {}});
}

void Master::stop(StopKind how, std::string_view who) {
    // timeout(1) and some shells send a signal to the process and to its group: that is one wish.
    constexpr std::chrono::milliseconds kOneWish{200};
    const auto now = Supervision::Moment::clock::now();
    if (how == stop_wish_.how && now - stop_wish_.when < kOneWish) return;
    stop_wish_ = {how, now};
    log_info("{}: {}", who,
             how == StopKind::Graceful && !supervision_.stopping()
                 ? fmt::format("stopping gracefully, within {}",
                               config::print_duration(stop_times(current_.config).both()))
                 : "stopping fast");
    refuse_reload("bundle is told to stop");
    supervision_.stop(how, now);
}

}  // namespace bundle
