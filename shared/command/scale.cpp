// `bundle scale`: so many workers for an application, until the next reload.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "shared/command/running_bundle.hpp"
#include "shared/command/verbs.hpp"

namespace bundle {

namespace {

struct ScaleArguments {
    RunningArguments running;
    std::string app;
    std::uint32_t workers = 0;
};

}  // namespace

void add_scale(CLI::App& app, Invocation& invocation) {
    const auto arguments = std::make_shared<ScaleArguments>();
    CLI::App* verb = app.add_subcommand(
        "scale", "Change the number of an application's workers until the next reload, and wait.");
    add_running_arguments(*verb, arguments->running);
    verb->add_option("app", arguments->app, "The NAME of its [app.NAME]")
        ->type_name("APP")
        ->required();
    verb->add_option("workers", arguments->workers,
                     fmt::format("How many it is to have: 1 to {}", kMostWorkers))
        ->type_name("N")
        ->required()
        ->check(CLI::Range(1U, kMostWorkers).description(""));
    verb->callback([arguments, &invocation] {
        invocation.run = [arguments] {
            return command_running_bundle(
                arguments->running, {wire::Command::Scale, arguments->workers, arguments->app});
        };
    });
}

}  // namespace bundle
