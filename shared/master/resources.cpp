#include "shared/master/resources.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include "shared/base/log.hpp"
#include "shared/wire/inherited.hpp"

namespace bundle {

Result<Resources> open_resources(const Config& config, InheritedSockets inherited,
                                 RunDirectory::WorkersAre workers) {
    TRY_ASSIGN(RunDirectory run_directory, RunDirectory::claim(config.server.run_directory));
    TRY_ASSIGN(WorkerSocket socket,
               run_directory.listen_for_workers(wire::kWorkerSocketName, workers));
    TRY_ASSIGN(ControlSocket control, ControlSocket::open(config.control));
    Resources opened{.run_directory = std::move(run_directory),
                     .workers = std::make_shared<const WorkerSocket>(std::move(socket)),
                     .control = std::move(control),
                     .inherited = std::move(inherited),
                     .null = {},
                     .pid_file = {},
                     .terminal = {}};
    opened.null = OwnedFd(open("/dev/null", O_RDWR | O_CLOEXEC));  // who reads it finds its end
    if (!opened.null) return system_failure("open /dev/null");
    if (!config.server.pid_file.empty()) {
        TRY_ASSIGN(opened.pid_file, PidFile::write(config.server.pid_file));
    }
    if (config.dev.reload) opened.terminal = Terminal::of_standard_input();
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
