// Server-Timing: what of an answer's time browsers show in their tools (W3C Server Timing).
#pragma once
#include <string>

#include "frontend/observe/access_record.hpp"

namespace bundle {

// "read;dur=0.1, queue;dur=3.001, app;dur=42.5" in milliseconds; app until its answer began.
std::string server_timing(const RequestTimes& times);

}  // namespace bundle
