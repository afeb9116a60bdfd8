// `bundle check`: would this configuration serve?
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "shared/command/config_arguments.hpp"
#include "shared/command/verbs.hpp"
#include "shared/master/served_file.hpp"

namespace bundle {

namespace {

struct CheckArguments {
    ConfigArguments config;
    bool elsewhere = false;
};

int check(const CheckArguments& arguments) {
    auto request = load_request(arguments.config);
    if (request && arguments.elsewhere) request->demand = Demand::WellFormed;
    const auto loaded = request.and_then(load_config);
    if (!loaded) {
        fmt::print(stderr, "{}\n", loaded.error().message);
        return kExitUsage;
    }
    for (const std::string& warning : loaded->warnings) fmt::print("{} (warning)\n", warning);
    if (!arguments.elsewhere) {
        const auto plan = plan_for(loaded->config, own_folder(), PlanFor::Looking);
        if (!plan) {
            fmt::print(stderr, "{}\n", plan.error().message);
            return kExitUsage;
        }
    }
    fmt::print("{}: ok\n", request->path);
    return kExitWell;
}

}  // namespace

void add_check(CLI::App& app, Invocation& invocation) {
    const auto arguments = std::make_shared<CheckArguments>();
    CLI::App* verb =
        app.add_subcommand("check", "Tell everything that is wrong with a configuration.");
    add_config_arguments(*verb, arguments->config);
    verb->add_flag("--elsewhere", arguments->elsewhere,
                   "The file is for another machine: its folders and users need not be here");
    verb->callback(
        [arguments, &invocation] { invocation.run = [arguments] { return check(*arguments); }; });
}

}  // namespace bundle
