// `bundle slow`: which requests took long lately, and where they stood.
#include <CLI/CLI.hpp>
#include <memory>

#include "shared/command/running_bundle.hpp"
#include "shared/command/verbs.hpp"

namespace bundle {

namespace {

struct Arguments {
    RunningArguments running;
    bool json = false;
};

}  // namespace

void add_slow(CLI::App& app, Invocation& invocation) {
    const auto arguments = std::make_shared<Arguments>();
    CLI::App* verb = app.add_subcommand(
        "slow", "Show the slow requests of each route, and where their code stood.");
    add_running_arguments(*verb, arguments->running);
    verb->add_flag("--json", arguments->json, "The same facts for programs");
    verb->callback([arguments, &invocation] {
        invocation.run = [arguments] {
            return command_running_bundle(
                arguments->running, status_request(arguments->json ? wire::StatusForm::SlowJson
                                                                   : wire::StatusForm::Slow));
        };
    });
}

}  // namespace bundle
