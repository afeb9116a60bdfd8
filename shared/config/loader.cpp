#include "shared/config/loader.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>

#include "shared/config/default_run_directory.hpp"
#include "shared/config/inheritance.hpp"
#include "shared/config/machine.hpp"
#include "shared/config/option/reader.hpp"
#include "shared/config/options.hpp"
#include "shared/config/overrides.hpp"
#include "shared/config/rules.hpp"
#include "shared/config/source/problems.hpp"
#include "shared/config/source/site_file.hpp"
#include "shared/config/source/toml_text.hpp"
#include "shared/config/source/variables.hpp"

namespace bundle {

namespace {

using namespace config;

// What options become whose default is found out at load time.
struct Surroundings {
    std::string folder;         // of the file
    std::string run_directory;  // the default
    std::uint32_t cores = 1;
};

std::string folder_of(const LoadRequest& request) {
    if (!request.folder.empty())
        return std::filesystem::absolute(request.folder).lexically_normal();
    return std::filesystem::absolute(request.path).lexically_normal().parent_path();
}

// The working directory with the links by which the shell came there.
std::filesystem::path shell_folder(const LoadRequest& request) {
    const auto named = request.environment.find("PWD");
    std::error_code ignored;
    if (named != request.environment.end() &&
        std::filesystem::equivalent(named->second, ".", ignored))
        return named->second;
    return std::filesystem::current_path(ignored);
}

// What tells this bundle from the user's others. Links count as they are written: what lies behind
// `current -> releases/42` is another file after each deploy, and the same bundle.
std::string identity_of(const LoadRequest& request, const std::string& folder) {
    if (request.text) return folder + "/" + request.path;
    return (shell_folder(request) / request.path).lexically_normal();
}

// One listener and one site are there without being written.
void add_unwritten_tables(Node& root) {
    for (const char* name : {"listen", "site"})
        if (!find(*root.table(), name))
            set(*root.table(), name, Node{root.origin, List{Node{root.origin, Table{}}}});
}

void complete_app(AppConfig& app, const Surroundings& surroundings) {
    if (app.directory.empty()) app.directory = surroundings.folder;
    if (app.workers == AutoCount::kAuto)
        app.workers = std::min(2 * std::min(surroundings.cores, kMostWorkers) + 1, kMostWorkers);
    if (app.max_requests_jitter == kAutoJitter) app.max_requests_jitter = app.max_requests / 10;
    if (app.queue.share_per_ip == AutoCount::kAuto)
        app.queue.share_per_ip = std::max(app.queue.max / 4, 1U);
}

void complete(Config& config, const Origins& origins, const Surroundings& surroundings) {
    if (config.server.run_directory.empty())
        config.server.run_directory = surroundings.run_directory;
    if (config.server.unknown_host.empty())
        config.server.unknown_host =
            std::ranges::all_of(config.sites, &std::vector<std::string>::empty, &SiteConfig::hosts)
                ? "first"
                : "close";
    if (config.control.path.empty())
        config.control.path = config.server.run_directory + "/control.sock";
    for (AppConfig& app : config.apps) complete_app(app, surroundings);
    inherit(config, origins);
    for (std::size_t i = 0; i < config.sites.size(); ++i)
        if (config.apps.size() == 1 && !origins.contains("site." + std::to_string(i) + ".app"))
            config.sites[i].app = config.apps.front().name;
}

LoadedConfig interpret(Node root, const Surroundings& surroundings, Problems& problems) {
    add_unwritten_tables(root);
    LoadedConfig loaded;
    loaded.origins.emplace("", root.origin);
    Reader(problems, loaded.origins)
        .read(root, "", configuration_description(), loaded.config, kConfigOptions);
    complete(loaded.config, loaded.origins, surroundings);
    check_rules(loaded.config, loaded.origins, problems);
    return loaded;
}

void append(std::vector<std::string>& to, std::vector<std::string> from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

LoadRequest request_without_file(std::string wsgi, std::string folder) {
    LoadRequest request;
    request.overrides = {"app.main.wsgi=" + wsgi};
    request.path = std::move(wsgi);
    request.text = "";
    request.folder = std::move(folder);
    return request;
}

Result<LoadedConfig> load_config(const LoadRequest& request) {
    Problems problems;
    const std::string folder = folder_of(request);
    auto root = read_site_file({request.path, request.text, folder}, request.environment, problems);
    if (!root) return tl::unexpected(problems.error());
    apply_environment(*root, request.environment, folder, problems);
    apply_overrides(*root, request.overrides, folder, problems);
    apply_platform_variables(*root, request.environment);

    const Surroundings surroundings{
        folder,
        default_run_directory(identity_of(request, folder), request.uid, request.environment),
        request.cores};
    LoadedConfig loaded = interpret(std::move(*root), surroundings, problems);
    if (request.demand == Demand::ServableHere)
        append(loaded.warnings,
               check_machine(loaded.config, loaded.origins, request.uid, problems));
    append(loaded.warnings, doubts(loaded.config, loaded.origins));
    if (!problems.empty()) return tl::unexpected(problems.error());
    return loaded;
}

Result<Config> load_resolved_config(std::string_view text) {
    Problems problems;
    auto root = parse_toml(
        text, std::make_shared<const Source>(Source{Source::Kind::File, "configuration", "/", 0}));
    if (!root) {
        problems.add(root.error().where, root.error().text);
        return tl::unexpected(problems.error());
    }
    expand_variables(*root, {}, problems);
    LoadedConfig loaded = interpret(std::move(*root), {"/", "/run/bundle", 1}, problems);
    if (!problems.empty()) return tl::unexpected(problems.error());
    return std::move(loaded.config);
}

}  // namespace bundle
