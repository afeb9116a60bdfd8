// Whether this machine has what a configuration names: folders, users, descriptors.
#pragma once
#include <unistd.h>
#include <string>
#include <vector>

#include "shared/config/config.hpp"
#include "shared/config/source/origin.hpp"
#include "shared/config/source/problems.hpp"

namespace bundle::config {

// What is missing is a problem; what we may not look at, and what may turn out too small, is a
// warning.
std::vector<std::string> check_machine(const Config& config, const Origins& origins, uid_t uid,
                                       Problems& problems);

}  // namespace bundle::config
