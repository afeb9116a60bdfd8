// bundle-backend APP SOCKET GENERATION [each-worker-imports]: the arbiter of one application and,
// forked from it, its workers, which meet the front at SOCKET. Started by the master with the
// descriptors of shared/wire/inherited.hpp.
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <optional>
#include <span>

#include "backend/arbiter.hpp"
#include "backend/boot_watch.hpp"
#include "backend/dev/development.hpp"
#include "backend/output/python_logging.hpp"
#include "backend/python/application.hpp"
#include "backend/python/hooks.hpp"
#include "backend/python/interpreter.hpp"
#include "backend/python/left_behind.hpp"
#include "backend/surroundings.hpp"
#include "shared/base/exit_status.hpp"
#include "shared/base/log.hpp"
#include "shared/base/process_title.hpp"
#include "shared/base/version.hpp"
#include "shared/config/access_format.hpp"
#include "shared/config/loader.hpp"
#include "shared/config/log_place.hpp"
#include "shared/config/units.hpp"
#include "shared/wire/inherited.hpp"

namespace bundle {
namespace {

Result<std::string> read_whole(const OwnedFd& file) {
    std::string text;
    std::array<char, 16384> piece{};
    for (;;) {
        const ssize_t got =
            pread(file.get(), piece.data(), piece.size(), static_cast<off_t>(text.size()));
        if (got < 0) return system_failure("read the configuration");
        if (got == 0) return text;
        text.append(piece.data(), static_cast<std::size_t>(got));
    }
}

// The master shows why: all that fails at start is told in one place.
int fail(int control, const std::string& app, int status, const std::string& why) {
    const auto told = wire::send_control(control, {.type = wire::ControlType::Failed,
                                                   .count = static_cast<std::uint32_t>(status),
                                                   .app = app,
                                                   .text = why});
    if (!told) log_error("{}", why);
    return status;
}

// What the fourth word of the command line says when the application must not be imported here.
constexpr std::string_view kEachWorkerImports = "each-worker-imports";

struct CommandLine {
    std::string app;
    std::string socket;
    std::uint32_t generation = 0;
    bool import_here = true;
};

std::optional<CommandLine> parse(std::span<char* const> words) {
    constexpr std::size_t kWithout = 4;
    if (words.size() < kWithout || words.size() > kWithout + 1) return std::nullopt;
    CommandLine given{words[1], words[2], 0, words.size() == kWithout};
    if (!given.import_here && words.back() != kEachWorkerImports) return std::nullopt;
    const std::string_view number = words[3];
    const auto read = std::from_chars(number.begin(), number.end(), given.generation);
    return read.ec == std::errc() ? std::optional(std::move(given)) : std::nullopt;
}

// The first that a site of the application names, without wildcards: an application may answer no
// other.
std::string host_of(const std::string& app, const Config& config) {
    for (const SiteConfig& site : config.sites)
        for (const std::string& host : site.hosts)
            if (site.app == app && !host.starts_with('*')) return host;
    return "localhost";
}

struct Booted {
    pybind11::object application;  // none when each worker imports it for itself
    std::string left_behind;       // by the import
    BundleModule module;
    Hooks hooks;
    Development development;
};

// Where the import stands that did not end in time: the last that this process says.
[[noreturn]] void give_up_import(const AppConfig& app, int control, const std::string& stacks) {
    _exit(
        fail(control, app.name, kExitAppNotLoaded,
             fmt::format("app {}: its import took longer than app.{}.boot_timeout ({}); it stands "
                         "here\n{}",
                         app.name, app.name, config::print_duration(app.boot_timeout), stacks)));
}

Result<Booted> boot(const Config& config, const AppConfig& app, bool import_here, int control) {
    const LeaveOnAnyOrder meanwhile(control);
    TRY(enter_surroundings(app));
    TRY(start_interpreter(app));
    Booted booted;
    TRY_ASSIGN(booted.module, BundleModule::provide());
    TRY_ASSIGN(booted.development, Development::begin(config));
    TRY_ASSIGN(auto watch, BootWatch::begin(app.boot_timeout, [&](const std::string& stacks) {
                   give_up_import(app, control, stacks);
               }));
    TRY(configure_python_logging(app));
    TRY_ASSIGN(booted.hooks, Hooks::load(app));
    // Who dies in an import that its author waits for is a worker: we live to show how.
    if (!import_here || booted.development.shows_failures()) return booted;
    const LeftBehind left_behind;
    TRY_ASSIGN(booted.application, booted.development.load(app));
    watch.reset();  // or it would be taken for a thread of the application's
    freeze_memory();
    booted.left_behind = left_behind.told();
    return booted;
}

// Returns the exit status; the caller leaves with _exit.
int arbitrate(const CommandLine& given) {
    const std::string& name = given.app;
    const Environment environment = copy_environment();
    OwnedFd control(wire::kControlFd);
    const auto refuse = [&](const Error& error) {
        return fail(control.get(), name, kExitFailed, error.message);
    };
    OwnedFd configuration(wire::kConfigFd);  // open for as long as we may start anew
    const auto config = read_whole(configuration).and_then(load_resolved_config);
    if (!config) return refuse(config.error());
    set_log_target(log_target_of(name + " arbiter", *config));
    const AppConfig* const app = config->find_app(name);
    if (app == nullptr) return refuse({fmt::format("no app.{} in the configuration", name)});
    auto scoreboard = wire::Scoreboard::open(OwnedFd(wire::kScoreboardFd));
    if (!scoreboard) return refuse(scoreboard.error());

    const auto booted =
        boot(*config, *app, given.import_here && app->preload != Preload::No, control.get());
    if (!booted) return fail(control.get(), name, kExitAppNotLoaded, booted.error().message);
    if (!booted->left_behind.empty() && app->preload == Preload::Auto) {
        log_warn(
            "importing the application left {} behind, which does not survive a fork; each worker "
            "imports it for itself. preload = false does so from the start, preload = true forks "
            "all the same",
            booted->left_behind);
        return refuse(start_anew({name, given.socket, given.generation, kEachWorkerImports.data()},
                                 environment));
    }
    if (!booted->left_behind.empty())
        log_warn("preload = true, though importing the application left {} behind",
                 booted->left_behind);
    configuration = OwnedFd();
    if (const auto hooked = booted->hooks.on_starting(); !hooked)
        return fail(control.get(), name, kExitAppNotLoaded, hooked.error().message);
    Patience patience = patience_with(*config, *app);
    patience.has_abort_hook = booted->hooks.has_worker_abort();
    auto arbiter = Arbiter::create({.app = *app,
                                    .front = config->server.run_directory + "/" + given.socket,
                                    .host = host_of(name, *config),
                                    .generation = given.generation,
                                    .tells_cost = tells_cost(config->log.access.format),
                                    .application = booted->application.ptr(),
                                    .module = booted->module,
                                    .hooks = booted->hooks,
                                    .development = booted->development,
                                    .patience = patience},
                                   std::move(control), std::move(*scoreboard));
    if (!arbiter) {
        log_error("{}", arbiter.error().message);
        return kExitFailed;
    }
    const int status = arbiter->run();
    if (status == kExitWell) run_exit_functions();
    // No destructor runs from here on: the interpreter is never finalised.
    _exit(status);
}

}  // namespace
}  // namespace bundle

int main(int argc, char** argv) {
    using namespace bundle;
    claim_process_title(argc, argv);
    if (argc == 2 && argv[1] == std::string_view("--version")) {
        fmt::print("bundle-backend {}\n", kBundleVersion);
        return kExitWell;
    }
    const auto given = parse({argv, static_cast<std::size_t>(argc)});
    if (!given) {
        std::fputs("bundle-backend is started by bundle; run \"bundle serve\"\n", stderr);
        return kExitUsage;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    set_log_target({.process = given->app + " arbiter"});
    set_process_title(fmt::format("bundle-backend: {} arbiter g{}", given->app, given->generation));
    keep_descriptors_private();
    set_usual_signals();
    try {
        _exit(arbitrate(*given));
    } catch (const std::exception& error) {
        log_error("cannot start: {}", error.what());
        _exit(kExitFailed);
    }
}
