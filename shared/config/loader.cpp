#include "shared/config/loader.hpp"

#include <filesystem>
#include <utility>

#include "shared/config/default_run_directory.hpp"
#include "shared/config/development.hpp"
#include "shared/config/interpretation.hpp"
#include "shared/config/machine.hpp"
#include "shared/config/overrides.hpp"
#include "shared/config/rules.hpp"
#include "shared/config/source/problems.hpp"
#include "shared/config/source/site_file.hpp"
#include "shared/tls/tls_check.hpp"

namespace bundle {

namespace {

using namespace config;

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
    if (request.purpose == Purpose::Development) apply_development(*root);

    const Surroundings surroundings{
        folder,
        default_run_directory(identity_of(request, folder), request.uid, request.environment),
        request.cores};
    LoadedConfig loaded = interpret(std::move(*root), surroundings, problems);
    if (request.demand == Demand::ServableHere) {
        append(loaded.warnings,
               check_machine(loaded.config, loaded.origins, request.uid, problems));
        append(loaded.warnings, check_tls(loaded.config, loaded.origins, problems));
    }
    append(loaded.warnings, doubts(loaded.config, loaded.origins));
    if (!problems.empty()) return tl::unexpected(problems.error());
    return loaded;
}

}  // namespace bundle
