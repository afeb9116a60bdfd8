// The slow requests by their routes, those that took most time first, with the stacks that were
// seen most often: for people, and as JSON.
#pragma once
#include <string>

#include "frontend/observe/slow_requests.hpp"

namespace bundle {

std::string slow_text(const SlowRequests& slow);
std::string slow_json(const SlowRequests& slow);

}  // namespace bundle
