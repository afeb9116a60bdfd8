#include "shared/master/resources.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include "shared/base/log.hpp"

namespace bundle {

namespace {

// Workers that come while the front is started again wait there; every app's workers at once.
constexpr int kWorkerBacklog = 1024;

}  // namespace

Result<Resources> open_resources(const Config& config, InheritedSockets inherited,
                                 RunDirectory::WorkersAre workers) {
    TRY_ASSIGN(RunDirectory run_directory, RunDirectory::claim(config.server.run_directory));
    TRY_ASSIGN(UnixListener worker_listener,
               run_directory.listen_for_workers(workers, kWorkerBacklog));
    TRY_ASSIGN(ControlSocket control, ControlSocket::open(config.control));
    Resources opened{.run_directory = std::move(run_directory),
                     .workers = std::move(worker_listener),
                     .control = std::move(control),
                     .inherited = std::move(inherited),
                     .null = {},
                     .pid_file = {}};
    opened.null = OwnedFd(open("/dev/null", O_RDWR | O_CLOEXEC));  // who reads it finds its end
    if (!opened.null) return system_failure("open /dev/null");
    if (!config.server.pid_file.empty()) {
        TRY_ASSIGN(opened.pid_file, PidFile::write(config.server.pid_file));
    }
    return opened;
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
