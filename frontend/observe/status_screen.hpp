// The status as `bundle top` shows it again and again: what status_text.hpp tells, and how busy the
// last minute was, which routes are slow, what happened. A line that is no part of the one above it
// begins at the margin.
#pragma once
#include <string>

#include "frontend/observe/status_facts.hpp"

namespace bundle {

std::string status_screen(const StatusFacts& facts);

}  // namespace bundle
