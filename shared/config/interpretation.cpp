#include "shared/config/interpretation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "shared/config/inheritance.hpp"
#include "shared/config/option/reader.hpp"
#include "shared/config/options.hpp"
#include "shared/config/rules.hpp"
#include "shared/config/source/toml_text.hpp"
#include "shared/config/source/variables.hpp"

namespace bundle {

namespace config {

namespace {

// One listener and one site are there without being written.
void add_unwritten_tables(Node& root) {
    for (const char* name : {"listen", "site"})
        if (!find(*root.table(), name))
            set(*root.table(), name, Node{root.origin, List{Node{root.origin, Table{}}}});
}

void complete_app(AppConfig& app, const Surroundings& surroundings) {
    if (app.directory.empty()) app.directory = surroundings.folder;
    if (app.workers.min == WorkerCount::kAuto)
        app.workers = std::min(2 * std::min(surroundings.cores, kMostWorkers) + 1, kMostWorkers);
    if (app.max_requests_jitter == kAutoJitter) app.max_requests_jitter = app.max_requests / 10;
    if (app.queue.share_per_ip == AutoCount::kAuto)
        app.queue.share_per_ip = std::max(app.queue.max / 4, 1U);
}

void complete_listener(ListenConfig& listener, bool protocols_are_written) {
    if (protocols_are_written) return;
    listener.protocols = {"http/1.1"};
    if (listener.tls) listener.protocols.insert(listener.protocols.begin(), "h2");
}

void complete(Config& config, const Origins& origins, const Surroundings& surroundings) {
    for (std::size_t i = 0; i < config.listen.size(); ++i)
        complete_listener(config.listen[i],
                          origins.contains(fmt::format("listen.{}.protocols", i)));
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

}  // namespace

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

}  // namespace config

// Here and not beside load_config(): a backend needs nothing of what that looks at.
Result<Config> load_resolved_config(std::string_view text) {
    using namespace config;
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
