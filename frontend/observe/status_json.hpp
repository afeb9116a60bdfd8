// The status as JSON, for programs. Each worker, route and certificate has a line of its own.
#pragma once
#include <string>

#include "frontend/observe/status_facts.hpp"

namespace bundle {

std::string status_json(const StatusFacts& facts);

}  // namespace bundle
