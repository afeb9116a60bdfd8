// The rules between the options of [tls] and those of [[listen]] that no row can express; what
// stands in the files is looked at by shared/tls.
#pragma once
#include <string>
#include <vector>

#include "shared/config/config.hpp"
#include "shared/config/source/origin.hpp"
#include "shared/config/source/problems.hpp"

namespace bundle::config {

void check_tls_rules(const Config& config, const Origins& origins, Problems& problems);

// What is no mistake but can hardly be meant.
std::vector<std::string> tls_doubts(const Config& config, const Origins& origins);

}  // namespace bundle::config
