// `bundle status`: what goes on in the running bundle.
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

void add_status(CLI::App& app, Invocation& invocation) {
    const auto arguments = std::make_shared<Arguments>();
    CLI::App* verb = app.add_subcommand(
        "status", "Show what goes on in the running bundle: workers, queues, connections.");
    add_running_arguments(*verb, arguments->running);
    verb->add_flag("--json", arguments->json, "The same facts for programs");
    verb->callback([arguments, &invocation] {
        invocation.run = [arguments] {
            return command_running_bundle(
                arguments->running,
                status_request(arguments->json ? wire::StatusForm::Json : wire::StatusForm::Text));
        };
    });
}

}  // namespace bundle
