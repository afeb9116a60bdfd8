// --conf and --set, which every verb has that reads a configuration.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/config/loader.hpp"

namespace CLI {
class App;
}

namespace bundle {

struct ConfigArguments {
    std::string conf;              // empty: ./site.toml, then /etc/bundle/site.toml
    std::vector<std::string> set;  // app.main.workers=4
};

// `arguments` outlives the parsing.
void add_config_arguments(CLI::App& verb, ConfigArguments& arguments);

// With the environment of this process. An error says where a file was looked for.
Result<LoadRequest> load_request(const ConfigArguments& arguments);

// The variables of this process.
std::map<std::string, std::string> process_environment();

}  // namespace bundle
