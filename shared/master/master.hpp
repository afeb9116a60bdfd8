// The loop of `bundle serve`: signals, commands, children's ends and children's words go to
// Supervision and to the Reload that is under way, and what those decide is carried out. One
// thread, no libuv, no client byte, no Python.
#pragma once
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "shared/base/exit_status.hpp"
#include "shared/base/log.hpp"
#include "shared/base/oom_kills.hpp"
#include "shared/base/owned_fd.hpp"
#include "shared/config/config.hpp"
#include "shared/master/child.hpp"
#include "shared/master/control_socket.hpp"
#include "shared/master/generation.hpp"
#include "shared/master/reload.hpp"
#include "shared/master/report.hpp"
#include "shared/master/resources.hpp"
#include "shared/master/sd_notify.hpp"
#include "shared/master/served_file.hpp"
#include "shared/master/sources/source_watch.hpp"
#include "shared/master/supervision.hpp"
#include "shared/master/upgrade/command_line.hpp"
#include "shared/master/upgrade/master_state.hpp"
#include "shared/master/upgrade/upgrade_check.hpp"

namespace bundle {

class Master {
  public:
    // The children of a start, which run nothing yet; `arbiters` in the order of the apps.
    struct Children {
        Child front;
        std::vector<Child> arbiters;
    };
    // `words` are those of the command line.
    Master(ServedFile file, Resources resources, Generation first, Children children,
           Notifier notifier, CommandLine words);

    // What goes on when we take over from another program in this process. The first thing that is
    // done then is to replace front and workers.
    struct Continued {
        std::map<ChildNumber, Child> children;
        Supervision supervision;
        std::map<ChildNumber, std::shared_ptr<const WorkerSocket>> former_workers;
        std::vector<MasterState::App> apps;
        std::uint32_t last_generation = 1;
        bool logs_reopened = false;
        bool in_maintenance = false;
        std::vector<ControlSocket::Asker> askers;
    };
    Master(ServedFile file, Resources resources, Generation serving, Notifier notifier,
           CommandLine words, Continued all);

    // Until everything has ended; gives the exit status of serve.
    int run();
    // The last that was told, in one line; empty: nothing has failed.
    [[nodiscard]] std::string last_failure() const { return report_.last_failure(); }

  private:
    using Moment = Supervision::Moment;
    using Askers = std::vector<ControlSocket::Asker>;

    // A generation that is being prepared.
    struct Next {
        Generation generation;
        std::vector<Child> arbiters;  // until they are started
        Reload reload;
        Askers askers;
        bool logs_reopened = false;
    };

    void act();
    void carry_out_what_is_due();
    void carry_out(const Supervision::Step& step);
    void start(ChildNumber number);
    void wait_for_something();
    [[nodiscard]] int wait_at_most() const;
    void take_signals();
    void take_signal(int signal);
    void hear(ChildNumber number, const wire::ControlMessage& message);
    static int exit_status_of(const wire::ControlMessage& failed);
    void count_workers(const wire::ControlMessage& message);
    void stop(StopKind how, std::string_view who);
    void obey(const ControlSocket::Asked& asked);

    // Looking: master_status.cpp.
    struct WaitForStatus;
    void ask_status(const ControlSocket::Asked& asked);
    void pass_status_on(ChildNumber front, const wire::ControlMessage& piece);
    void expire_status();
    void no_status_from(ChildNumber front);
    void tell_without_front(const WaitForStatus& wait, std::string_view why);
    [[nodiscard]] std::string what_workers_do(wire::StatusForm form, std::string_view app) const;
    void ask_stacks(const ControlSocket::Asked& asked);
    void pass_stacks_on(const wire::ControlMessage& stacks);
    void finish_wait_for_stacks();
    // It has no such worker, or is gone.
    void no_stacks_from(ChildNumber arbiter, std::optional<std::uint32_t> worker = {});
    void tell_phase();
    void expect_workers();
    void reopen_logs();
    void tell_of_logs(Child& arbiter) const;
    void use_log();
    [[nodiscard]] Outfit outfit_of(ChildNumber number) const;

    // master_patience.cpp.
    void keep_supervisor_patient() const;
    void end_who_is_stuck(milliseconds since_last);
    void beat();
    void expire_start();

    // master_sockets.cpp.
    void look_at_sockets();
    void tell_of_file(const std::string& path, const Result<void>& restored);
    Result<void> restore_control();
    Result<void> restore_workers();

    // master_deaths.cpp.
    void reap();
    void bury(ChildNumber number, int wait_status, std::uint64_t peak_kib);
    void tell_who_died_with(ChildNumber number) const;
    void count_restart(ChildNumber number, std::string reason);
    void tell_of_restarts(ChildNumber front);

    // Reloading: master_reload.cpp.
    void want_reload(std::string_view who, std::optional<ControlSocket::Asker> asker);
    void act_on_reload();
    void begin_reload();
    Result<void> prepare_next(const Reading& reading);
    void reload_failed(const Askers& askers, const std::string& reason, int exit_status);
    // A failure that the reload will tell.
    [[nodiscard]] bool concerns_next(ChildNumber number, const wire::ControlMessage& failed) const;
    void hear_of_reload(const wire::ControlMessage& message);
    void lost_in_reload(ChildNumber number, const std::string& cause);
    void carry_out(Reload::Order order);
    Result<void> prepare_front(Generation& generation, const Plan& plan);
    Result<void> tell_front_to_prepare(const Generation& generation);
    [[nodiscard]] bool is_next_front(ChildNumber number) const;
    [[nodiscard]] std::string_view what() const { return upgrading_ ? "upgrade" : "reload"; }
    [[nodiscard]] std::string_view under_way() const {
        return upgrading_ ? "upgrading" : "reloading";
    }
    void announce();
    void boot_next();
    void commit_next();
    void tell_front_to_commit();
    [[nodiscard]] bool is_outdated_by_change() const;
    std::unique_ptr<Next> give_up_next();
    void abandon_next();
    void forget_children();
    void refuse_reload(const std::string& reason);
    void count_next_workers(const wire::ControlMessage& message);
    void tell_reload(const std::string& line);
    // Of what a reload goes through.
    [[nodiscard]] LogLevel usual() const {
        return current_.config.dev.reload ? LogLevel::Debug : LogLevel::Info;
    }
    [[nodiscard]] std::string in_one_line_for_developers() const;
    void renew_certificates();

    // What a developer changes: master_sources.cpp.
    void follow_sources();
    void look_at_sources();
    void hold_requests_or_not();

    // Upgrading: upgrade/master_upgrade.cpp.
    void want_upgrade(std::string_view who, std::optional<ControlSocket::Asker> asker);
    void begin_upgrade();
    void look_at_check();
    void hand_over(int program);
    void upgrade_failed(const std::string& reason, int exit_status = kExitFailed);
    [[nodiscard]] MasterState state() const;

    void maintain(const ControlSocket::Asked& asked);
    void tell_of_maintenance(ChildNumber number);
    // Scaling: master_scale.cpp.
    void scale_all(int by, std::string_view who);
    void scale(std::size_t app, std::uint32_t workers);
    void scale_by_queue(ChildNumber front, const wire::ControlMessage& wish);
    void pass_unresponsive_on(ChildNumber front, const wire::ControlMessage& worker);
    [[nodiscard]] std::uint32_t first_workers_of(const AppConfig& app) const;
    void scale_by_command(const ControlSocket::Asked& asked);
    void tell_of_scale(std::size_t app);
    struct AppProgress;
    void tell_front_of_scale(const AppProgress& app);
    // Nothing: there is none of that name, which whoever asked hears.
    AppProgress* app_asked_for(const ControlSocket::Asked& asked);
    void tell_next_of_scale(ChildNumber arbiter);
    void note_scale(AppProgress& app);
    void fail_scale(const wire::ControlMessage& not_booted);
    void expire_scales();

    struct AppProgress {
        std::string name;
        std::uint32_t wanted = 0;
        std::uint32_t min_ready = 0;
        std::uint32_t connected = 0;
        bool complete =
            false;  // all were ready once: from then on the arbiter's own lines tell the story
        bool scaled = false;  // its arbiter does not begin with so many
        Askers wait_for_scale{};
        std::optional<Moment> scaled_by{};  // when those who wait hear that it did not work
    };

    ServedFile file_;
    Resources resources_;
    Generation current_;
    std::unique_ptr<Next> next_;
    std::map<ChildNumber, Child> children_;
    std::vector<AppProgress> apps_;
    Supervision supervision_;
    StartReport report_;
    OomKills oom_kills_;
    Notifier notifier_;
    OwnedFd signals_;
    Phase told_ = Phase::Starting;
    Moment start_by_{};
    Moment last_beat_{};
    Moment next_beat_{};
    bool someone_is_stuck_ = false;  // and does not end when it is killed
    std::set<std::string> told_of_files_;
    Askers wait_for_end_;
    struct WaitForStatus {
        std::optional<ControlSocket::Asker> asker;  // nobody, any more
        wire::CommandRequest request;
        ChildNumber front = 0;
        Moment until{};
    };
    std::vector<WaitForStatus> wait_for_status_;  // a front answers in their order
    struct WaitForStacks {
        ControlSocket::Asker asker = 0;
        std::uint32_t worker = 0;        // its pid
        std::set<ChildNumber> arbiters;  // that have not answered yet
    };
    std::vector<WaitForStacks> wait_for_stacks_;
    std::map<std::pair<std::string, std::string>, std::uint32_t> restarts_;  // by kind and reason
    std::uint64_t cut_off_ = 0;                                              // requests
    bool logs_reopened_ = false;
    bool in_maintenance_ = false;  // by command
    struct {
        StopKind how = StopKind::Graceful;
        Moment when{};
    } stop_wish_;  // the last one
    std::uint32_t last_generation_ = 1;
    bool reload_wanted_ = false;
    std::string reload_cause_;  // of the last that was wanted
    Moment reload_wanted_at_{};
    SourceWatch sources_;
    bool holds_requests_ = false;  // the front does
    Askers wait_for_reload_;       // the one that is wanted
    CommandLine words_;
    bool upgrade_wanted_ = false;
    Askers wait_for_upgrade_;
    std::optional<UpgradeCheck> check_;
    bool upgrading_ = false;  // the reload that is wanted, or under way, replaces the front, too
    // Where the workers of fronts that leave meet them.
    std::map<ChildNumber, std::shared_ptr<const WorkerSocket>> former_workers_;
};

}  // namespace bundle
