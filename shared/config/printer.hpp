// A Config as TOML: what `bundle config` prints and what the master hands to its children.
#pragma once
#include <string>

#include "shared/config/config.hpp"
#include "shared/config/source/origin.hpp"

namespace bundle {

// Every option, resolved; load_resolved_config() makes an equal Config of it.
std::string print_config(const Config& config);

// The same with a comment behind each value that tells where it comes from.
std::string print_config_with_origins(const Config& config, const config::Origins& origins);

}  // namespace bundle
