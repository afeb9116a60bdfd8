// What development means to a configuration: --dev, and the rules of [dev] that no row can express.
#pragma once
#include <string>
#include <vector>

#include "shared/config/config.hpp"
#include "shared/config/source/node.hpp"
#include "shared/config/source/origin.hpp"
#include "shared/config/source/problems.hpp"

namespace bundle::config {

// --dev: [dev] is on, and where nothing is said otherwise an app has one worker, all the time in
// the world and the terminal for its output.
void apply_development(Node& root);

void check_dev_rules(const Config& config, const Origins& origins, Problems& problems);

// [dev] where others can come.
std::vector<std::string> dev_doubts(const Config& config, const Origins& origins);

}  // namespace bundle::config
