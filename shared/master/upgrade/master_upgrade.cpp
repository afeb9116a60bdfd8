// The master and an upgrade: the program that is installed now is asked whether it can take over,
// and then takes this process's place. There it goes on with all that is open and all who run, and
// replaces front and workers by a reload that has a front of its own (master_reload.cpp).
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "shared/base/exit_status.hpp"
#include "shared/base/log.hpp"
#include "shared/base/version.hpp"
#include "shared/master/launch.hpp"
#include "shared/master/master.hpp"
#include "shared/master/upgrade/master_state.hpp"

namespace bundle {

namespace {

void keep_open_in_exec(const std::vector<int>& descriptors, bool open) {
    for (const int fd : descriptors) fcntl(fd, F_SETFD, open ? 0 : FD_CLOEXEC);
}

// Returns only when that fails.
Error become_program(int program, const CommandLine& words) {
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    fexecve(program, arguments.data(), environ);
    return system_failure("execute the new bundle").value();
}

MasterState::ChildState state_of(ChildNumber number, const Child& child,
                                 const Supervision::Child& life) {
    const ChildSpec& spec = child.spec();
    return {.number = number,
            .life = life,
            .name = spec.name,
            .program = spec.program.get(),
            .arguments = spec.arguments,
            .identity = spec.identity,
            .pid = child.pid(),
            .control = child.control(),
            .up = child.is_up()};
}

MasterState::Socket state_of(const WorkerSocket& socket) {
    return {socket.listener.fd.get(), socket.name, socket.listener.file.path()};
}

}  // namespace

void Master::want_upgrade(std::string_view who, std::optional<ControlSocket::Asker> asker) {
    if (supervision_.stopping()) {
        log_info("{}: bundle is stopping", who);
        if (asker) resources_.control.finish({*asker}, kExitFailed, "bundle is stopping");
        return;
    }
    const bool waits = next_ || supervision_.phase() == Phase::Starting;
    log_info("{}: {}", who,
             waits ? "upgrading when what is under way is done"
                   : "looking for the bundle that is installed now");
    if (asker) wait_for_upgrade_.push_back(*asker);
    if (asker && waits)
        resources_.control.progress({*asker}, "waiting for what is under way: a start or a reload");
    upgrade_wanted_ = !check_;  // whoever asks meanwhile hears of the one that is under way
}

void Master::begin_upgrade() {
    upgrade_wanted_ = false;
    std::error_code gone;                                 // then nothing changes
    std::filesystem::current_path(file_.folder(), gone);  // words may be relative to it
    const std::filesystem::path path = program_of(words_, file_.programs() / "bundle");
    OwnedFd program(open(path.c_str(), O_PATH | O_CLOEXEC));
    if (!program) return upgrade_failed(system_failure("open " + path.string()).value().message);
    resources_.control.progress(wait_for_upgrade_,
                                fmt::format("asking {} whether it can take over", path.string()));
    auto check = UpgradeCheck::begin(std::move(program), words_, encode(state()));
    if (!check) return upgrade_failed(check.error().message);
    check_.emplace(std::move(*check));
}

void Master::look_at_check() {
    const auto outcome = check_->outcome(Moment::clock::now());
    if (!outcome) return;
    const UpgradeCheck check = std::move(*check_);
    check_.reset();
    if (!*outcome) return upgrade_failed(outcome->error().message, check.exit_status());
    const std::string line =
        fmt::format("bundle {} takes over from bundle {}", **outcome, kBundleVersion);
    log_info("upgrade: {}", line);
    resources_.control.progress(wait_for_upgrade_, line);
    hand_over(check.program().get());
}

// Whoever waits for something else is served by the reload that follows.
void Master::hand_over(int program) {
    for (const ControlSocket::Asker asker : std::exchange(wait_for_reload_, {}))
        wait_for_upgrade_.push_back(asker);
    for (AppProgress& app : apps_)
        resources_.control.finish(std::exchange(app.wait_for_scale, {}), kExitFailed,
                                  "an upgrade came in between");
    const MasterState all = state();
    auto memory = sealed_text(encode(all));
    if (!memory) return upgrade_failed(memory.error().message);
    std::vector<int> descriptors = descriptors_of(all);
    descriptors.push_back(memory->get());
    keep_open_in_exec(descriptors, true);
    const Error error = become_program(program, with_state(words_, kTakeOverOption, memory->get()));
    keep_open_in_exec(descriptors, false);
    upgrade_failed(error.message);
}

void Master::upgrade_failed(const std::string& reason, int exit_status) {
    upgrading_ = true;
    reload_failed(std::exchange(wait_for_upgrade_, {}), reason, exit_status);
}

MasterState Master::state() const {
    MasterState all{.version = std::string(kBundleVersion),
                    .folder = file_.folder(),
                    .notifier = notifier_.kept(),
                    .askers = wait_for_upgrade_,
                    .run_directory = resources_.run_directory.kept(),
                    .workers = state_of(*resources_.workers),
                    .control = resources_.control.kept(),
                    .null = resources_.null.get(),
                    .pid_file = resources_.pid_file.path(),
                    .generation = current_.number,
                    .last_generation = last_generation_,
                    .config = current_.text,
                    .error_log = current_.logs.error ? current_.logs.error.get() : -1,
                    .access_log = current_.logs.access.get(),
                    .logs_reopened = logs_reopened_,
                    .in_maintenance = in_maintenance_,
                    .credentials = current_.certificates.sealed(),
                    .front = current_.front,
                    .first_arbiter = current_.first_arbiter,
                    .next_child = supervision_.next_number()};
    for (const auto& [front, socket] : former_workers_) {
        all.former_fronts.push_back(front);
        all.former_workers.push_back(state_of(*socket));
    }
    for (const InheritedSocket& socket : resources_.inherited)
        all.inherited.push_back({socket.fd.get(), socket.name, {}});
    for (const Listener& listener : current_.listeners)
        all.listeners.push_back({listener.fd.get(), listener.wanted, listener.file.path()});
    for (const wire::Scoreboard& scoreboard : current_.scoreboards)
        all.scoreboards.push_back(scoreboard.fd());
    for (const AppProgress& app : apps_)
        all.apps.push_back({app.wanted, app.connected, app.scaled});
    for (const auto& [number, child] : children_)
        all.children.push_back(state_of(number, child, supervision_.children().at(number)));
    return all;
}

}  // namespace bundle
