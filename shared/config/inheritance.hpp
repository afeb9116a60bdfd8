// Options that are left out of a route are those of its site, and of a site those of [http].
#pragma once
#include "shared/config/config.hpp"
#include "shared/config/source/origin.hpp"

namespace bundle::config {

// Gives every site and route what it does not say itself.
void inherit(Config& config, const Origins& origins);

}  // namespace bundle::config
