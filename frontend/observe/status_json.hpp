// The status as JSON, for programs. Each worker, route and certificate has a line of its own.
#pragma once
#include <string>

#include "frontend/observe/status_facts.hpp"

namespace bundle {

std::string status_json(const StatusFacts& facts);
// What came before the second that the status tells of, the oldest first.
std::string traffic_json(const Traffic& traffic);

}  // namespace bundle
