// `bundle upgrade`: the running bundle makes way for the one that is installed now, in the same
// process and with the same listeners; then front and workers are replaced as by a reload.
#include <CLI/CLI.hpp>
#include <memory>

#include "shared/command/running_bundle.hpp"
#include "shared/command/verbs.hpp"

namespace bundle {

void add_upgrade(CLI::App& app, Invocation& invocation) {
    const auto arguments = std::make_shared<RunningArguments>();
    CLI::App* verb = app.add_subcommand(
        "upgrade", "Have the running bundle go on as the one that is installed now, and wait.");
    add_running_arguments(*verb, *arguments);
    verb->callback([arguments, &invocation] {
        invocation.run = [arguments] {
            return command_running_bundle(*arguments, {wire::Command::Upgrade, 0, {}});
        };
    });
}

}  // namespace bundle
