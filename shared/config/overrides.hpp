// What the environment and --set say, laid over the tree that the files made.
//
// An environment variable is an option when it begins with BUNDLE_ and has two underscores in a
// row: BUNDLE_APP__MAIN__WORKERS is app.main.workers, BUNDLE_LISTEN__0__ADDRESS is
// listen.0.address. Such a variable that names no option is a problem. Others are left alone: an
// orchestrator that has a service called "bundle" sets BUNDLE_PORT and the like. Case does not
// matter, save in names that the user chooses in a table (BUNDLE_APP__MAIN__ENV__DEBUG), and "_"
// also stands for the "-" of an app's name.
//
// A value that begins with a quote, "[" or "{" is TOML; any other is taken as it stands.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "shared/config/source/node.hpp"
#include "shared/config/source/problems.hpp"

namespace bundle::config {

// Relative paths in what they say begin at `folder`.
void apply_environment(Node& root, const std::map<std::string, std::string>& environment,
                       const std::string& folder, Problems& problems);

// PORT, WEB_CONCURRENCY and FORWARDED_ALLOW_IPS, where nothing was said about the first listener,
// the workers of an app or trust.proxies.
void apply_platform_variables(Node& root, const std::map<std::string, std::string>& environment);

// Each is "app.main.workers=4".
void apply_overrides(Node& root, const std::vector<std::string>& overrides,
                     const std::string& folder, Problems& problems);

}  // namespace bundle::config
