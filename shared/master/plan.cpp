#include "shared/master/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bundle {

namespace {

using Problems = std::vector<std::string>;

// Names need not be read where they are not listed.
int to_look_into(const FilesConfig& files) {
    return files.listing == Listing::Off ? X_OK : R_OK | X_OK;
}

std::vector<NeededPath> paths_of_front(const Config& config) {
    std::vector<NeededPath> paths = {
        {"server.temp_directory", config.server.temp_directory, R_OK | W_OK | X_OK}
    };
    const auto add_errors = [&paths](const ScopeConfig& scope) {
        for (const auto& [status, file] : scope.errors)
            paths.push_back({fmt::format("errors {}", status), file, R_OK});
    };
    for (const SiteConfig& site : config.sites) {
        add_errors(site.scope);
        if (!site.root.empty()) paths.push_back({"site.root", site.root, to_look_into(site.files)});
        for (const RouteConfig& route : site.routes) {
            add_errors(route.scope);
            if (route.directory.empty()) continue;
            paths.push_back({fmt::format("route {}: directory", route.path), route.directory,
                             to_look_into(route.files)});
        }
    }
    return paths;
}

std::vector<NeededPath> paths_of(const AppConfig& app) {
    const std::string key = "app." + app.name;
    std::vector<NeededPath> paths = {
        {key + ".directory", app.directory, R_OK | X_OK}
    };
    if (!app.virtualenv.empty())
        paths.push_back({key + ".virtualenv", app.virtualenv, R_OK | X_OK});
    for (const std::string& path : app.python_path)
        paths.push_back({key + ".python_path", path, R_OK});
    return paths;
}

// Nothing for a user that we may not become and need not, or with a problem.
std::optional<Identity> identity_of(const std::string& user, const std::string& group,
                                    const std::string& key, PlanFor purpose, Problems& problems) {
    auto identity = find_identity(user, group);
    if (identity) return std::move(*identity);
    if (purpose == PlanFor::Serving || may_change_user())
        problems.push_back(key + ": " + identity.error().message);
    return std::nullopt;
}

void check_paths(const Identity& identity, const std::vector<NeededPath>& paths,
                 Problems& problems) {
    for (std::string& reason : unreachable_paths(identity, paths))
        problems.push_back(std::move(reason));
}

FrontPlan plan_front(const Config& config, const Programs& programs, PlanFor purpose,
                     Problems& problems) {
    const auto identity =
        identity_of(config.server.user, config.server.group, "server.user", purpose, problems);
    if (identity) check_paths(*identity, paths_of_front(config), problems);
    return {programs.front, identity.value_or(Identity())};
}

ArbiterPlan plan_arbiter(const AppConfig& app, const Config& config, const Programs& programs,
                         PlanFor purpose, Problems& problems) {
    const bool own_user = !app.user.empty();
    const std::string& user = own_user ? app.user : config.server.user;
    const std::string& group = own_user || !app.group.empty() ? app.group : config.server.group;
    auto backend = backend_for(app, programs);
    if (!backend) problems.push_back(backend.error().message);
    const auto identity =
        identity_of(user, group, fmt::format("app.{}.user", app.name), purpose, problems);
    if (identity && backend) check_paths(*identity, paths_of(app), problems);
    return {app.name, std::move(backend).value_or(Backend()), identity.value_or(Identity())};
}

}  // namespace

Result<Plan> make_plan(const Config& config, const Programs& programs, PlanFor purpose) {
    Problems problems;
    Plan plan;
    plan.front = plan_front(config, programs, purpose, problems);
    for (const AppConfig& app : config.apps) {
        plan.arbiters.push_back(plan_arbiter(app, config, programs, purpose, problems));
    }
    if (!problems.empty()) return failure(fmt::format("{}", fmt::join(problems, "\n")));
    return plan;
}

RunDirectory::WorkersAre kind_of_workers(const Plan& plan) {
    const bool ours = std::ranges::all_of(plan.arbiters, [](const ArbiterPlan& arbiter) {
        return arbiter.identity.uid == geteuid();
    });
    return ours ? RunDirectory::WorkersAre::OurUser : RunDirectory::WorkersAre::AnyUser;
}

}  // namespace bundle
