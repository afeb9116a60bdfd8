// Rules between options, which no row can check alone.
#pragma once
#include <string>
#include <vector>

#include "shared/config/config.hpp"
#include "shared/config/source/origin.hpp"
#include "shared/config/source/problems.hpp"

namespace bundle::config {

// Looks at nothing but the configuration.
void check_rules(const Config& config, const Origins& origins, Problems& problems);

// What stands in the way of nothing, but was hardly meant.
std::vector<std::string> doubts(const Config& config, const Origins& origins);

}  // namespace bundle::config
