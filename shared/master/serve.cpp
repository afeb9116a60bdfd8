#include "shared/master/serve.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "shared/base/exit_status.hpp"
#include "shared/base/log.hpp"
#include "shared/base/process_title.hpp"
#include "shared/config/descriptor_need.hpp"
#include "shared/config/log_place.hpp"
#include "shared/master/master.hpp"

namespace bundle {

namespace {

int explain(const Error& error, int exit_status) {
    fmt::print(stderr, "bundle: {}\n", error.message);
    if (log_target().fd != STDERR_FILENO || log_target().service) log_error("{}", error.message);
    return exit_status;
}

std::vector<AppFacts> app_facts(const Config& config, const Plan& plan) {
    std::vector<AppFacts> facts;
    for (std::size_t app = 0; app < config.apps.size(); ++app) {
        const ArbiterPlan& arbiter = plan.arbiters[app];
        facts.push_back({config.apps[app], arbiter.backend.python.text(),
                         arbiter.identity.changes ? arbiter.identity.user : ""});
    }
    return facts;
}

// A descriptor that we open would become 0, 1 or 2, and a child would write its log into it.
void open_missing_standard_descriptors() {
    for (int fd = 0; fd <= STDERR_FILENO; ++fd) {
        if (fcntl(fd, F_GETFD) == -1)
            open("/dev/null", O_RDWR);  // takes the lowest number that is free
    }
}

}  // namespace

int serve(const LoadRequest& request, const LoadedConfig& loaded,
          const std::filesystem::path& programs, const CommandLine& words) {
    open_missing_standard_descriptors();
    auto logs = open_logs(loaded.config.log);
    if (!logs) return explain(logs.error(), kExitFailed);
    set_log_target(log_target_of("master", loaded.config, logs->error_fd()));
    set_process_title(fmt::format("bundle: {} master", loaded.config.server.name));
    InheritedSockets activated = take_activated_sockets();
    Notifier notifier = Notifier::from_environment();

    const auto plan = plan_for(loaded.config, programs);
    if (!plan) return explain(plan.error(), kExitUsage);
    for (const std::string& warning : loaded.warnings) log_warn("{}", warning);
    raise_descriptor_limit(descriptor_need(loaded.config));

    auto resources = open_resources(loaded.config, std::move(activated), kind_of_workers(*plan));
    if (!resources) return explain(resources.error(), kExitFailed);
    auto first = open_generation(loaded, std::move(*logs), *resources, nullptr);
    if (!first) return explain(first.error(), kExitFailed);
    auto front = front_of(*plan, first->number);
    if (!front) return explain(front.error(), kExitFailed);
    auto arbiters = arbiters_of(*plan, first->number);
    if (!arbiters) return explain(arbiters.error(), kExitFailed);

    StartReport(log_target().fd)
        .show(facts_of(request.path, first->config, app_facts(first->config, *plan)));
    Master master({request, programs}, std::move(*resources), std::move(*first),
                  {std::move(*front), std::move(*arbiters)}, std::move(notifier), words);
    const int status = master.run();
    // Once more: what ended with it was told since.
    const std::string why = master.last_failure();
    return status == kExitWell || why.empty() ? status : explain({why}, status);
}

}  // namespace bundle
