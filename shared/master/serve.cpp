#include "shared/master/serve.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>

#include "shared/base/exit_status.hpp"
#include "shared/base/log.hpp"
#include "shared/base/process_title.hpp"
#include "shared/config/descriptor_need.hpp"
#include "shared/master/master.hpp"
#include "shared/master/plan.hpp"
#include "shared/master/resources.hpp"

namespace bundle {

namespace {

constexpr int kStdout = 1;
constexpr int kStderr = 2;

int explain(const Error& error, int exit_status) {
    fmt::print(stderr, "bundle: {}\n", error.message);
    if (log_target().fd != kStderr) log_error("{}", error.message);
    return exit_status;
}

Result<Plan> plan_for(const Config& config, const std::filesystem::path& folder) {
    TRY_ASSIGN(const Programs programs, find_programs(folder));
    return make_plan(config, programs);
}

RunDirectory::WorkersAre kind_of_workers(const Plan& plan) {
    const bool ours = std::ranges::all_of(plan.arbiters, [](const ArbiterPlan& arbiter) {
        return arbiter.identity.uid == geteuid();
    });
    return ours ? RunDirectory::WorkersAre::OurUser : RunDirectory::WorkersAre::AnyUser;
}

Result<OwnedFd> open_program(const std::filesystem::path& path) {
    OwnedFd program(open(path.c_str(), O_PATH | O_CLOEXEC));
    if (!program) return system_failure("open " + path.string());
    return program;
}

// Held open from now on: a child that is started again after an upgrade of the package is still of
// our version.
Result<std::vector<Child>> children_of(const Plan& plan, const Resources& resources) {
    const std::vector<int> standard = {resources.null.get(), kStdout, log_target().fd};
    std::vector<Child> children;

    ChildSpec front{
        "front",  {}, {"bundle-front"}, ChildSpec::Generation::None, plan.front.identity,
        standard, {}};
    TRY_ASSIGN(front.program, open_program(plan.front.program));
    front.more = {resources.workers.fd.get(), resources.access_log.get()};
    for (const Listener& listener : resources.listeners) front.more.push_back(listener.fd.get());
    children.emplace_back(std::move(front));

    for (std::size_t app = 0; app < plan.arbiters.size(); ++app) {
        const ArbiterPlan& arbiter = plan.arbiters[app];
        ChildSpec spec{
            arbiter.app + " arbiter",
            {},
            {arbiter.backend.path.filename(), arbiter.app},
            ChildSpec::Generation::IsLastArgument,
            arbiter.identity,
            standard,
            {resources.scoreboards[app].fd()}
        };
        TRY_ASSIGN(spec.program, open_program(arbiter.backend.path));
        children.emplace_back(std::move(spec));
    }
    return children;
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

// What is true once the listeners are open: their addresses have become real.
Config resolved(const LoadedConfig& loaded, const Resources& resources) {
    Config config = loaded.config;
    config.listen.clear();
    for (const Listener& listener : resources.listeners) config.listen.push_back(listener.config);
    return config;
}

// A descriptor that we open would become 0, 1 or 2, and a child would write its log into it.
void open_missing_standard_descriptors() {
    for (int fd = 0; fd <= kStderr; ++fd) {
        if (fcntl(fd, F_GETFD) == -1)
            open("/dev/null", O_RDWR);  // takes the lowest number that is free
    }
}

}  // namespace

int serve(const LoadedConfig& loaded, const std::string& conf_path,
          const std::filesystem::path& programs_folder) {
    open_missing_standard_descriptors();
    const LogConfig& log = loaded.config.log;
    const auto log_file = open_log(log);
    if (!log_file) return explain(log_file.error(), kExitFailed);
    set_log_target({"master", log.level, *log_file ? log_file->get() : kStderr});
    set_process_title(fmt::format("bundle: {} master", loaded.config.server.name));
    InheritedSockets activated = take_activated_sockets();
    Notifier notifier = Notifier::from_environment();

    const auto plan = plan_for(loaded.config, programs_folder);
    if (!plan) return explain(plan.error(), kExitUsage);
    for (const std::string& warning : loaded.warnings) log_warn("{}", warning);
    raise_descriptor_limit(descriptor_need(loaded.config));

    auto resources = open_resources(loaded, std::move(activated), kind_of_workers(*plan));
    if (!resources) return explain(resources.error(), kExitFailed);
    auto children = children_of(*plan, *resources);
    if (!children) return explain(children.error(), kExitFailed);

    const Config config = resolved(loaded, *resources);
    const StartReport report(log_target().fd);
    report.show(facts_of(conf_path, config, app_facts(config, *plan)));
    return Master(std::move(*resources), config, std::move(*children), report, std::move(notifier))
        .run();
}

}  // namespace bundle
