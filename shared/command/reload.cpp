// `bundle reload`: the running bundle reads its file again; what serves is replaced when all of the
// new stands, or not at all.
#include <CLI/CLI.hpp>
#include <memory>

#include "shared/command/running_bundle.hpp"
#include "shared/command/verbs.hpp"

namespace bundle {

void add_reload(CLI::App& app, Invocation& invocation) {
    const auto arguments = std::make_shared<RunningArguments>();
    CLI::App* verb =
        app.add_subcommand("reload", "Have the running bundle read its file again, and wait.");
    add_running_arguments(*verb, *arguments);
    verb->callback([arguments, &invocation] {
        invocation.run = [arguments] {
            return command_running_bundle(*arguments, {wire::Command::Reload, 0, {}});
        };
    });
}

}  // namespace bundle
