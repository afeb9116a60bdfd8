#include "shared/master/upgrade/take_over.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "shared/base/exit_status.hpp"
#include "shared/base/file_text.hpp"
#include "shared/base/log.hpp"
#include "shared/base/process_title.hpp"
#include "shared/base/version.hpp"
#include "shared/config/log_place.hpp"
#include "shared/master/launch.hpp"
#include "shared/master/master.hpp"
#include "shared/master/upgrade/master_state.hpp"

namespace bundle {

namespace {

constexpr int kStdin = 0;

int explain(const Error& error, int exit_status) {
    fmt::print(stderr, "{}\n", error.message);
    return exit_status;
}

Result<MasterState> read_state(int fd) {
    const OwnedFd memory(fd);
    TRY_ASSIGN(const std::string text, read_from_start(fd, "the state of the running bundle"));
    return decode_master_state(text);
}

// A half of an installation, or one for another machine, shows here.
Result<void> check_program(const std::filesystem::path& path, std::string_view name) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return system_failure("create a pipe");
    const OwnedFd output(ends[0]);
    OwnedFd theirs(ends[1]);
    const OwnedFd program(open(path.c_str(), O_PATH | O_CLOEXEC));
    if (!program) return system_failure("open " + path.string());
    const Identity ours;
    TRY_ASSIGN(const pid_t pid, launch({
                                    program.get(),
                                    {path.string(), "--version"},
                                    ours,
                                    {kStdin, theirs.get(), theirs.get()}
    }));
    theirs = OwnedFd();
    std::string said(4096, '\0');
    const ssize_t got = read(output.get(), said.data(), said.size());
    said.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    waitpid(pid, nullptr, 0);
    const std::string wanted = fmt::format("{} {}\n", name, kBundleVersion);
    if (said == wanted) return {};
    return failure(
        fmt::format("{} is not the {} {} that belongs to this bundle; asked for its "
                    "version it says {}",
                    path.string(), name, kBundleVersion, log_quoted(said)));
}

Result<void> check_programs(const Plan& plan) {
    TRY(check_program(plan.front.program, "bundle-front"));
    for (const ArbiterPlan& arbiter : plan.arbiters)
        TRY(check_program(arbiter.backend.path, "bundle-backend"));
    return {};
}

OwnedFd owned(int fd) { return fd < 0 ? OwnedFd() : OwnedFd(fd); }

UnixListener listener_of(const MasterState::Socket& socket) {
    return {OwnedFd(socket.fd), SocketFile(socket.file)};
}

std::shared_ptr<const WorkerSocket> worker_socket_of(const MasterState::Socket& socket) {
    return std::make_shared<const WorkerSocket>(WorkerSocket{socket.name, listener_of(socket)});
}

Resources resources_of(const MasterState& state) {
    Resources resources{.run_directory = RunDirectory::resumed(state.run_directory),
                        .workers = worker_socket_of(state.workers),
                        .control = ControlSocket::resumed(state.control),
                        .inherited = {},
                        .null = OwnedFd(state.null),
                        .pid_file = PidFile::resumed(state.pid_file),
                        .terminal = {}};
    for (const MasterState::Socket& socket : state.inherited)
        resources.inherited.push_back({OwnedFd(socket.fd), socket.name});
    return resources;
}

Result<Generation> generation_of(const MasterState& state, const Resources& resources) {
    Generation generation;
    TRY_ASSIGN(generation.config, load_resolved_config(state.config));
    generation.number = state.generation;
    generation.text = state.config;
    generation.logs = {owned(state.error_log), owned(state.access_log)};
    TRY_ASSIGN(generation.certificates,
               Certificates::resumed(generation.config, OwnedFd(state.credentials)));
    const std::vector<ListenConfig> configs = generation.config.all_listeners();
    for (std::size_t i = 0; i < state.listeners.size(); ++i) {
        const MasterState::Socket& socket = state.listeners[i];
        generation.listeners.push_back(
            {OwnedFd(socket.fd), configs.at(i), SocketFile(socket.file), socket.name});
    }
    for (const int fd : state.scoreboards) {
        TRY_ASSIGN(auto scoreboard, wire::Scoreboard::open(OwnedFd(fd)));
        TRY(generation.add(std::move(scoreboard)));
    }
    generation.workers = resources.workers;
    generation.front = state.front;
    generation.first_arbiter = state.first_arbiter;
    return generation;
}

Master::Continued continued(MasterState& state, const Config& config) {
    Supervision::Children lives;
    std::map<ChildNumber, Child> children;
    for (MasterState::ChildState& child : state.children) {
        lives.emplace(child.number, child.life);
        children.emplace(
            std::piecewise_construct, std::forward_as_tuple(child.number),
            std::forward_as_tuple(ChildSpec{child.name, OwnedFd(child.program),
                                            std::move(child.arguments), std::move(child.identity)},
                                  Child::Process{child.pid, child.control, child.up}));
    }
    Master::Continued all{
        .children = std::move(children),
        .supervision = Supervision::resumed(std::move(lives), state.next_child, config.apps.size(),
                                            stop_times(config)),
        .former_workers = {},
        .apps = state.apps,
        .last_generation = state.last_generation,
        .logs_reopened = state.logs_reopened,
        .in_maintenance = state.in_maintenance,
        .askers = state.askers};
    for (std::size_t i = 0; i < state.former_fronts.size(); ++i)
        all.former_workers.emplace(state.former_fronts[i],
                                   worker_socket_of(state.former_workers.at(i)));
    return all;
}

Result<int> go_on(const TakeOver& how) {
    TRY_ASSIGN(MasterState state, read_state(how.state));
    for (const int fd : descriptors_of(state)) fcntl(fd, F_SETFD, FD_CLOEXEC);
    Resources resources = resources_of(state);
    TRY_ASSIGN(Generation generation, generation_of(state, resources));
    const Config& config = generation.config;
    if (config.dev.reload) resources.terminal = Terminal::of_standard_input();
    set_log_target(log_target_of("master", config, generation.logs.error_fd()));
    set_process_title(fmt::format("bundle: {} master", config.server.name));
    log_info("bundle {} took over from bundle {}", kBundleVersion, state.version);
    Master::Continued all = continued(state, config);
    return Master({how.request, how.programs, state.folder}, std::move(resources),
                  std::move(generation), Notifier::resumed(state.notifier), how.words,
                  std::move(all))
        .run();
}

}  // namespace

int check_take_over(const TakeOver& how) {
    const auto state = read_state(how.state);
    if (!state) return explain(state.error(), kExitFailed);
    const auto config = load_resolved_config(state->config);
    if (!config) return explain(config.error(), kExitFailed);
    const auto reading = ServedFile(how.request, how.programs, state->folder).read_again(*config);
    if (!reading) return explain(reading.error(), kExitUsage);
    if (const auto checked = check_programs(reading->plan); !checked)
        return explain(checked.error(), kExitFailed);
    fmt::print("can take over: {}\n", kBundleVersion);
    return kExitWell;
}

int take_over(const TakeOver& how) {
    const auto status = go_on(how);
    if (status) return *status;
    log_error("cannot take over: {}", status.error().message);
    if (log_target().fd != STDERR_FILENO || log_target().service)
        fmt::print(stderr, "bundle: {}\n", status.error().message);
    return kExitFailed;
}

}  // namespace bundle
