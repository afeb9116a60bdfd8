// `bundle serve`: reads the configuration and becomes the master.
#include "shared/master/serve.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "shared/command/config_arguments.hpp"
#include "shared/command/verbs.hpp"
#include "shared/master/programs.hpp"
#include "shared/master/upgrade/take_over.hpp"

namespace bundle {

namespace {

constexpr const char* kHidden = "";  // group: what an upgrade says, and no user

struct ServeArguments {
    ConfigArguments config;
    std::string wsgi;          // "hello:app"; empty: what the file says
    int take_over = -1;        // the state of the bundle before us in this process
    int check_take_over = -1;  // of one that may make way for us
};

// An application without --conf needs no file; with one it stands in place of the file's.
Result<LoadRequest> request_of(const ServeArguments& arguments) {
    if (arguments.wsgi.empty()) return load_request(arguments.config);
    ConfigArguments config = arguments.config;
    if (!config.conf.empty()) {
        config.set.insert(config.set.begin(), "app.main.wsgi=" + arguments.wsgi);
        return load_request(config);
    }
    LoadRequest request = request_without_file(arguments.wsgi, std::filesystem::current_path());
    request.overrides.insert(request.overrides.end(), config.set.begin(), config.set.end());
    request.environment = process_environment();
    return request;
}

int run_serve(const ServeArguments& arguments, const CommandLine& words) {
    const auto request = request_of(arguments);
    const std::filesystem::path programs = own_folder();
    if (request && arguments.check_take_over >= 0)
        return check_take_over({*request, words, programs, arguments.check_take_over});
    if (request && arguments.take_over >= 0)
        return take_over({*request, words, programs, arguments.take_over});
    const auto loaded = request.and_then(load_config);
    if (!loaded) {
        fmt::print(stderr, "{}\n", loaded.error().message);
        return kExitUsage;
    }
    return serve(*request, *loaded, programs, words);
}

}  // namespace

void add_serve(CLI::App& app, Invocation& invocation) {
    const auto arguments = std::make_shared<ServeArguments>();
    CLI::App* verb = app.add_subcommand("serve", "Serve until a signal says stop.");
    add_config_arguments(*verb, arguments->config);
    verb->add_option("wsgi", arguments->wsgi,
                     "Application to serve: without --conf no file is read")
        ->type_name("MODULE:APP");
    verb->add_option(kTakeOverOption, arguments->take_over)->group(kHidden);
    verb->add_option(kCheckOption, arguments->check_take_over)->group(kHidden);
    verb->callback([arguments, &invocation] {
        invocation.run = [arguments, &invocation] {
            return run_serve(*arguments, invocation.words);
        };
    });
}

}  // namespace bundle
