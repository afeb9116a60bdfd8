// The status for people: a screen of text, what matters most first.
#pragma once
#include <string>

#include "frontend/observe/status_facts.hpp"

namespace bundle {

std::string status_text(const StatusFacts& facts);

// Parts of it, of whole lines.
std::string head_text(const StatusFacts& facts);
std::string connections_text(const StatusFacts& facts);
std::string apps_text(const StatusFacts& facts);  // with their workers

}  // namespace bundle
