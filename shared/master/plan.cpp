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

template <typename Value>
Value value_or_problem(Result<Value> result, const std::string& about, Problems& problems) {
    if (result) return std::move(*result);
    problems.push_back(about + result.error().message);
    return {};
}

void check_paths(const Identity& identity, const std::vector<NeededPath>& paths,
                 Problems& problems) {
    for (std::string& reason : unreachable_paths(identity, paths))
        problems.push_back(std::move(reason));
}

FrontPlan plan_front(const Config& config, const Programs& programs, Problems& problems) {
    FrontPlan plan;
    plan.program = programs.front;
    plan.identity = value_or_problem(find_identity(config.server.user, config.server.group),
                                     "server.user: ", problems);
    if (problems.empty()) check_paths(plan.identity, paths_of_front(config), problems);
    return plan;
}

ArbiterPlan plan_arbiter(const AppConfig& app, const Config& config, const Programs& programs,
                         Problems& problems) {
    const bool own_user = !app.user.empty();
    const std::string& user = own_user ? app.user : config.server.user;
    const std::string& group = own_user || !app.group.empty() ? app.group : config.server.group;
    const std::size_t problems_before = problems.size();

    ArbiterPlan plan;
    plan.app = app.name;
    plan.backend = value_or_problem(backend_for(app, programs), "", problems);
    plan.identity = value_or_problem(find_identity(user, group),
                                     fmt::format("app.{}.user: ", app.name), problems);
    if (problems.size() == problems_before) check_paths(plan.identity, paths_of(app), problems);
    return plan;
}

}  // namespace

std::vector<std::string> unreachable_by_front(const Config& config) {
    const auto identity = find_identity(config.server.user, config.server.group);
    // Who may not become that user cannot see with its eyes.
    if (!identity) return {};
    return unreachable_paths(*identity, paths_of_front(config));
}

Result<Plan> make_plan(const Config& config, const Programs& programs) {
    Problems problems;
    Plan plan;
    plan.front = plan_front(config, programs, problems);
    for (const AppConfig& app : config.apps) {
        plan.arbiters.push_back(plan_arbiter(app, config, programs, problems));
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
