// What `bundle check` and a start say about the files that [tls] names.
#pragma once
#include <string>
#include <vector>

#include "shared/config/config.hpp"
#include "shared/config/source/origin.hpp"
#include "shared/config/source/problems.hpp"

namespace bundle::config {

// Adds what keeps TLS from being served; gives what is worth a warning: a certificate that has
// expired or soon will.
std::vector<std::string> check_tls(const Config& config, const Origins& origins,
                                   Problems& problems);

}  // namespace bundle::config
