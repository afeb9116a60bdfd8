// `bundle maintenance`: 503 in place of the applications, and back.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "shared/command/running_bundle.hpp"
#include "shared/command/verbs.hpp"

namespace bundle {

namespace {

struct MaintenanceArguments {
    RunningArguments running;
    std::string wanted;
};

}  // namespace

void add_maintenance(CLI::App& app, Invocation& invocation) {
    const auto arguments = std::make_shared<MaintenanceArguments>();
    CLI::App* verb = app.add_subcommand(
        "maintenance", "Answer 503 in place of every application, or end that; files go on.");
    add_running_arguments(*verb, arguments->running);
    verb->add_option("wanted", arguments->wanted, "Whether it is to be so")
        ->type_name("on|off")
        ->required()
        ->check(CLI::IsMember({"on", "off"}).description(""));
    verb->callback([arguments, &invocation] {
        invocation.run = [arguments] {
            return command_running_bundle(
                arguments->running,
                {wire::Command::Maintenance, arguments->wanted == "on" ? 1U : 0U, {}});
        };
    });
}

}  // namespace bundle
