// `bundle stop`: the running bundle finishes what it has begun and ends.
#include <CLI/CLI.hpp>
#include <memory>

#include "shared/command/running_bundle.hpp"
#include "shared/command/verbs.hpp"

namespace bundle {

void add_stop(CLI::App& app, Invocation& invocation) {
    const auto arguments = std::make_shared<RunningArguments>();
    CLI::App* verb = app.add_subcommand(
        "stop", "Stop the running bundle gracefully, and wait until it has ended.");
    add_running_arguments(*verb, *arguments);
    verb->callback([arguments, &invocation] {
        invocation.run = [arguments] {
            return command_running_bundle(*arguments, {wire::Command::Stop, 0, {}});
        };
    });
}

}  // namespace bundle
