// Rules between the options of [[site]] and [[site.route]].
#pragma once
#include <string>
#include <vector>

#include "shared/config/config.hpp"
#include "shared/config/source/origin.hpp"
#include "shared/config/source/problems.hpp"

namespace bundle::config {

void check_site_rules(const Config& config, const Origins& origins, Problems& problems);

// What can be meant, but seldom is.
void add_site_doubts(const Config& config, const Origins& origins, std::vector<std::string>& found);

}  // namespace bundle::config
