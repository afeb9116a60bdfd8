// The status in the text format of Prometheus (version 0.0.4).
#pragma once
#include <string>

#include "frontend/observe/status_facts.hpp"

namespace bundle {

inline constexpr const char* kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

std::string metrics_text(const StatusFacts& facts);

}  // namespace bundle
