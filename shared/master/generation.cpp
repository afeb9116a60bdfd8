#include "shared/master/generation.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "shared/base/log.hpp"
#include "shared/config/log_place.hpp"
#include "shared/config/printer.hpp"
#include "shared/wire/inherited.hpp"

namespace bundle {

namespace {

constexpr int kStdout = 1;

Result<OwnedFd> open_for_appending(const char* key, const std::string& path) {
    // Without O_NONBLOCK the open of a FIFO would wait until somebody reads it, and we with it.
    OwnedFd file(open(path.c_str(),
                      O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0640));
    const int error = errno;
    std::error_code ignored;
    if (!file && error == ENXIO && std::filesystem::is_fifo(path, ignored))
        return failure(
            fmt::format("open {} {}: it is a FIFO that nobody reads; start its reader "
                        "first",
                        key, path));
    if (!file) return system_failure(fmt::format("open {} {}", key, path), error);
    if (fcntl(file.get(), F_SETFL, O_APPEND) != 0)
        return system_failure(fmt::format("set up {} {}", key, path));
    return file;
}

Result<OwnedFd> open_access_log(const std::string& path) {
    if (path == "off" || names_log_service(path))
        return open_for_appending("log.access.path", "/dev/null");
    if (path != "-") return open_for_appending("log.access.path", path);
    OwnedFd copy(fcntl(kStdout, F_DUPFD_CLOEXEC, 0));
    if (!copy) return system_failure("log.access.path \"-\": stdout");
    return copy;
}

std::vector<ListenConfig> wanted_listeners(const LoadedConfig& loaded,
                                           const InheritedSockets& activated) {
    // Nobody said where to listen, but systemd opened sockets for us: it said it.
    Config config = loaded.config;
    if (!activated.empty() && !loaded.origins.contains("listen.0.address"))
        config.listen = listen_on_activated(config.listen.front(), activated);
    std::vector<ListenConfig> wanted = config.all_listeners();
    for (const InheritedSocket& socket : activated) {
        const std::string address = "systemd:" + socket.name;
        if (socket.name.empty() || std::ranges::any_of(wanted, [&](const ListenConfig& each) {
                return each.address == address;
            }))
            continue;
        log_warn(
            "nobody answers at the socket {} of systemd; write [[listen]] with address = \"{}\"",
            socket.name, address);
    }
    return wanted;
}

std::vector<int> standard_of(const Generation& generation, const Resources& resources) {
    return {resources.null.get(), kStdout, generation.logs.error_fd()};
}

Result<OwnedFd> open_program(const std::filesystem::path& path) {
    OwnedFd program(open(path.c_str(), O_PATH | O_CLOEXEC));
    if (!program) return system_failure("open " + path.string());
    return program;
}

// For the log: the first needs no number.
std::string numbered(const std::string& name, std::uint32_t generation) {
    return generation == 1 ? name : fmt::format("{} g{}", name, generation);
}

}  // namespace

Result<Logs> open_logs(const LogConfig& config) {
    Logs logs;
    if (config.path != "-" && !names_log_service(config.path)) {
        TRY_ASSIGN(logs.error, open_for_appending("log.path", config.path));
    }
    TRY_ASSIGN(logs.access, open_access_log(config.access.path));
    return logs;
}

Result<Generation> open_generation(const LoadedConfig& loaded, Logs logs, Resources& resources,
                                   const Generation* before) {
    Generation opened;
    opened.config = loaded.config;
    opened.warnings = loaded.warnings;
    opened.logs = std::move(logs);
    static const std::vector<Listener> kNone;
    TRY_ASSIGN(opened.listeners,
               open_listeners(wanted_listeners(loaded, resources.inherited), resources.inherited,
                              before != nullptr ? before->listeners : kNone));
    opened.config.listen.clear();
    for (const Listener& listener : opened.listeners) {
        if (listener.config.is_admin) {
            opened.config.admin.address = listener.config.address;
        } else {
            opened.config.listen.push_back(listener.config);
        }
    }
    TRY_ASSIGN(opened.certificates, Certificates::open(opened.config));
    for (const AppConfig& app : opened.config.apps) {
        // For as many as it may be scaled to, and one that takes the place of another; what nobody
        // writes to takes no memory.
        TRY_ASSIGN(wire::Scoreboard scoreboard,
                   wire::Scoreboard::create((kMostWorkers + 1) * app.threads));
        TRY(opened.add(std::move(scoreboard)));
    }
    opened.text = print_config(opened.config);
    opened.workers = resources.workers;
    if (before != nullptr) opened.front = before->front;
    return opened;
}

Result<void> Generation::add(wire::Scoreboard scoreboard) {
    TRY_ASSIGN(OwnedFd view, scoreboard.view());
    scoreboards.push_back(std::move(scoreboard));
    scoreboard_views.push_back(std::move(view));
    return {};
}

Outfit outfit_of_front(const Generation& generation, const Resources& resources, FrontBegins when) {
    Outfit outfit{
        {std::to_string(generation.number)},
        generation.text,
        standard_of(generation, resources),
        {generation.workers->listener.fd.get(), generation.logs.access.get(),
         generation.certificates.sealed()}
    };
    if (when == FrontBegins::AtCommit) outfit.arguments.emplace_back(wire::kAwaitCommit);
    for (const Listener& listener : generation.listeners) outfit.more.push_back(listener.fd.get());
    for (const OwnedFd& view : generation.scoreboard_views) outfit.more.push_back(view.get());
    return outfit;
}

Outfit outfit_of_arbiter(const Generation& generation, std::size_t app,
                         const Resources& resources) {
    Outfit outfit{
        {generation.workers->name, std::to_string(generation.number)},
        generation.text,
        standard_of(generation, resources),
        {generation.scoreboards.at(app).fd()}
    };
    if (resources.terminal && generation.config.dev.reload) {
        outfit.standard.front() = resources.terminal.fd();
        outfit.group = ProcessGroup::TheMasters;
    }
    return outfit;
}

Result<Child> front_of(const Plan& plan, std::uint32_t generation) {
    TRY_ASSIGN(OwnedFd program, open_program(plan.front.program));
    return Child(ChildSpec{
        numbered("front", generation), std::move(program), {"bundle-front"}, plan.front.identity});
}

Result<std::vector<Child>> arbiters_of(const Plan& plan, std::uint32_t generation) {
    std::vector<Child> children;
    for (const ArbiterPlan& arbiter : plan.arbiters) {
        TRY_ASSIGN(OwnedFd program, open_program(arbiter.backend.path));
        children.emplace_back(ChildSpec{
            numbered(arbiter.app + " arbiter", generation),
            std::move(program),
            {arbiter.backend.path.filename(), arbiter.app},
            arbiter.identity
        });
    }
    return children;
}

StopTimes stop_times(const Config& config) {
    return {config.server.drain_timeout, config.server.drain_delay};
}

}  // namespace bundle
