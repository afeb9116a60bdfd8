// From site.toml, the environment and the command line to a valid Config.
//
// Order of authority: defaults < files < environment (BUNDLE_HTTP__HEAD_TIMEOUT) < --set. Every
// problem is told in one run. `serve`, `check` and a reload use the same loader, so what one
// accepts all accept.
#pragma once
#include <unistd.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/config/config.hpp"
#include "shared/config/cores.hpp"
#include "shared/config/source/origin.hpp"

namespace bundle {

// Whether the folders and users that a file names must be there: an example is right without them.
enum class Demand { ServableHere, WellFormed };

// Whether the defaults are those of --dev.
enum class Purpose { Production, Development };

// All that the result depends on, besides the files it names.
struct LoadRequest {
    std::string path;                    // of site.toml, as messages show it
    std::optional<std::string> text;     // what stands in place of the file's content
    std::string folder;                  // where relative paths begin; empty: the folder of `path`
    std::vector<std::string> overrides;  // of --set: "app.main.workers=4"; later ones win
    std::map<std::string, std::string> environment;
    std::uint32_t cores = available_cores();  // for workers = "auto"
    uid_t uid = ::geteuid();                  // for the default of server.run_directory
    Demand demand = Demand::ServableHere;
    Purpose purpose = Purpose::Production;
};

// `bundle serve MODULE:APP` without a file: one application whose directory is `folder`.
LoadRequest request_without_file(std::string wsgi, std::string folder);

struct LoadedConfig {
    Config config;
    config::Origins origins;
    std::vector<std::string> warnings;  // worth a line at start, no reason not to serve
};

// An error's message has one line for each problem, in the order of the file.
Result<LoadedConfig> load_config(const LoadRequest& request);

// What print_config() made: for the children, which must not look at the environment or the disk
// again.
Result<Config> load_resolved_config(std::string_view text);

}  // namespace bundle
