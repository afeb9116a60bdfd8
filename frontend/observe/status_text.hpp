// The status for people: a screen of text, what matters most first.
#pragma once
#include <string>

#include "frontend/observe/status_facts.hpp"

namespace bundle {

std::string status_text(const StatusFacts& facts);

}  // namespace bundle
