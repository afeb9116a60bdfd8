// `bundle config`: every option with the value it has after file, environment and command line.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "shared/command/config_arguments.hpp"
#include "shared/command/verbs.hpp"
#include "shared/config/printer.hpp"
#include "shared/routing/route_explanation.hpp"

namespace bundle {

namespace {

struct ShowConfigArguments {
    ConfigArguments config;
    bool origins = false;
    std::string route;  // a URL; empty: the whole configuration
};

int show(const ShowConfigArguments& arguments) {
    const auto loaded = load_request(arguments.config).and_then(load_config);
    if (!loaded) {
        fmt::print(stderr, "{}\n", loaded.error().message);
        return kExitUsage;
    }
    if (!arguments.route.empty()) {
        const auto explained = explain_route(*loaded, arguments.route);
        fmt::print(explained ? stdout : stderr, "{}",
                   explained ? *explained : explained.error().message + "\n");
        return explained ? kExitWell : kExitUsage;
    }
    fmt::print("{}", arguments.origins ? print_config_with_origins(loaded->config, loaded->origins)
                                       : print_config(loaded->config));
    return kExitWell;
}

}  // namespace

void add_show_config(CLI::App& app, Invocation& invocation) {
    const auto arguments = std::make_shared<ShowConfigArguments>();
    CLI::App* verb =
        app.add_subcommand("config", "Print the configuration as it is after all defaults.");
    add_config_arguments(*verb, arguments->config);
    verb->add_flag("--origins", arguments->origins, "Say behind each value where it comes from");
    verb->add_option("--route", arguments->route,
                     "Say which site and route a URL meets, what answers it, and why")
        ->type_name("URL");
    verb->callback(
        [arguments, &invocation] { invocation.run = [arguments] { return show(*arguments); }; });
}

}  // namespace bundle
