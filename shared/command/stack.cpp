// `bundle stack`: where the threads of a worker stand.
#include <CLI/CLI.hpp>
#include <memory>

#include "shared/command/running_bundle.hpp"
#include "shared/command/verbs.hpp"

namespace bundle {

namespace {

struct StackArguments {
    RunningArguments running;
    std::uint32_t pid = 0;
};

}  // namespace

void add_stack(CLI::App& app, Invocation& invocation) {
    const auto arguments = std::make_shared<StackArguments>();
    CLI::App* verb = app.add_subcommand(
        "stack", "Show where each Python thread of a worker stands, and its request; it goes on.");
    add_running_arguments(*verb, arguments->running);
    verb->add_option("pid", arguments->pid, "The worker's process, as bundle status and ps show it")
        ->type_name("PID")
        ->required();
    verb->callback([arguments, &invocation] {
        invocation.run = [arguments] {
            return command_running_bundle(arguments->running,
                                          {wire::Command::Stack, arguments->pid, {}});
        };
    });
}

}  // namespace bundle
