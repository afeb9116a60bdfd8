// "${NAME}" and "${NAME:-default}" in the strings of a file.
#pragma once
#include <map>
#include <string>

#include "shared/config/source/node.hpp"
#include "shared/config/source/problems.hpp"

namespace bundle::config {

// Replaces references by what `environment` says. An unset name without a default is a problem,
// "$${" is a plain "${". As in a shell the default stands in for an empty variable too.
void expand_variables(Node& node, const std::map<std::string, std::string>& environment,
                      Problems& problems);

// The text that expands to `text`: what a printer must write.
std::string without_variables(std::string_view text);

}  // namespace bundle::config
