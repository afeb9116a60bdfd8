#include "shared/command/config_arguments.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <string_view>

namespace bundle {

namespace {

constexpr std::array kUsualPlaces = {"site.toml", "/etc/bundle/site.toml"};

Result<std::string> usual_file() {
    for (const char* path : kUsualPlaces)
        if (::access(path, F_OK) == 0) return path;
    return failure(
        "no configuration: there is neither ./site.toml nor /etc/bundle/site.toml\n"
        "  bundle init                 writes one for the project in this folder\n"
        "  bundle serve MODULE:APP     serves an application without one: shop.wsgi, blog:app\n"
        "  --conf FILE                 names another");
}

}  // namespace

void add_config_arguments(CLI::App& verb, ConfigArguments& arguments) {
    verb.add_option("--conf", arguments.conf,
                    "Configuration file [./site.toml, then /etc/bundle/site.toml]")
        ->type_name("FILE");
    verb.add_option("--set", arguments.set,
                    "Set an option over file and environment: app.main.workers=4")
        ->type_name("OPTION=VALUE")
        ->allow_extra_args(false);
}

std::map<std::string, std::string> process_environment() {
    std::map<std::string, std::string> variables;
    for (char** entry = environ; *entry; ++entry) {
        const std::string_view text(*entry);
        const std::size_t equals = text.find('=');
        if (equals == std::string_view::npos) continue;
        variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return variables;
}

Result<LoadRequest> load_request(const ConfigArguments& arguments) {
    LoadRequest request;
    request.path = arguments.conf;
    if (request.path.empty()) {
        TRY_ASSIGN(request.path, usual_file());
    }
    request.overrides = arguments.set;
    request.environment = process_environment();
    return request;
}

}  // namespace bundle
