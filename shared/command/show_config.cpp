// `bundle config`: every option with the value it has after file, environment and command line.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "shared/command/config_arguments.hpp"
#include "shared/command/verbs.hpp"
#include "shared/config/printer.hpp"

namespace bundle {

namespace {

struct Arguments {
    ConfigArguments config;
    bool origins = false;
};

int show(const Arguments& arguments) {
    const auto loaded = load_request(arguments.config).and_then(load_config);
    if (!loaded) {
        fmt::print(stderr, "{}\n", loaded.error().message);
        return kExitUsage;
    }
    fmt::print("{}", arguments.origins ? print_config_with_origins(loaded->config, loaded->origins)
                                       : print_config(loaded->config));
    return kExitWell;
}

}  // namespace

void add_show_config(CLI::App& app, Invocation& invocation) {
    const auto arguments = std::make_shared<Arguments>();
    CLI::App* verb =
        app.add_subcommand("config", "Print the configuration as it is after all defaults.");
    add_config_arguments(*verb, arguments->config);
    verb->add_flag("--origins", arguments->origins, "Say behind each value where it comes from");
    verb->callback(
        [arguments, &invocation] { invocation.run = [arguments] { return show(*arguments); }; });
}

}  // namespace bundle
