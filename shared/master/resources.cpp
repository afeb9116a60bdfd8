#include "shared/master/resources.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include "shared/base/log.hpp"

namespace bundle {

namespace {

constexpr int kStdout = 1;
// Workers that come while the front is started again wait there; every app's workers at once.
constexpr int kWorkerBacklog = 1024;

Result<OwnedFd> open_for_appending(const char* key, const std::string& path) {
    OwnedFd file(open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0640));
    if (!file) return system_failure(fmt::format("open {} {}", key, path));
    return file;
}

Result<OwnedFd> open_access_log(const std::string& path) {
    if (path == "off") return open_for_appending("log.access.path", "/dev/null");
    if (path != "-") return open_for_appending("log.access.path", path);
    OwnedFd copy(fcntl(kStdout, F_DUPFD_CLOEXEC, 0));
    if (!copy) return system_failure("log.access.path \"-\": stdout");
    return copy;
}

std::vector<ListenConfig> wanted_listeners(const LoadedConfig& loaded,
                                           const InheritedSockets& activated) {
    // Nobody said where to listen, but systemd opened sockets for us: it said it.
    if (!activated.empty() && !loaded.origins.contains("listen.0")) {
        return listen_on_activated(loaded.config.listen.front(), activated);
    }
    return loaded.config.listen;
}

}  // namespace

void Resources::stop_listening() {
    listeners.clear();
    inherited.clear();
}

Result<Resources> open_resources(const LoadedConfig& loaded, InheritedSockets inherited,
                                 RunDirectory::WorkersAre workers) {
    const Config& config = loaded.config;
    TRY_ASSIGN(RunDirectory run_directory, RunDirectory::claim(config.server.run_directory));
    Resources opened{std::move(run_directory), {}, std::move(inherited), {}, {}, {}, {}, {}};
    TRY_ASSIGN(opened.workers, opened.run_directory.listen_for_workers(workers, kWorkerBacklog));
    TRY_ASSIGN(opened.listeners,
               open_listeners(wanted_listeners(loaded, opened.inherited), opened.inherited));
    TRY_ASSIGN(opened.access_log, open_access_log(config.log.access.path));
    opened.null = OwnedFd(open("/dev/null", O_RDWR | O_CLOEXEC));  // who reads it finds its end
    if (!opened.null) return system_failure("open /dev/null");
    for (const AppConfig& app : config.apps) {
        TRY_ASSIGN(wire::Scoreboard scoreboard,
                   wire::Scoreboard::create(app.most_workers() * app.threads));
        opened.scoreboards.push_back(std::move(scoreboard));
    }
    if (!config.server.pid_file.empty()) {
        TRY_ASSIGN(opened.pid_file, PidFile::write(config.server.pid_file));
    }
    return opened;
}

Result<OwnedFd> open_log(const LogConfig& log) {
    if (log.path == "-") return OwnedFd();
    return open_for_appending("log.path", log.path);
}

void raise_descriptor_limit(std::uint64_t needed) {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    if (limit.rlim_max < needed) {
        const rlimit higher{.rlim_cur = needed, .rlim_max = needed};
        if (setrlimit(RLIMIT_NOFILE, &higher) == 0) return;
    }
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace bundle
