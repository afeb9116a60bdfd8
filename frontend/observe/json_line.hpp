// A request as one JSON object: numbers are numbers, times are seconds, what is not known is null.
#pragma once
#include <string>

#include "frontend/observe/access_record.hpp"
#include "frontend/observe/log_clock.hpp"

namespace bundle {

void append_json_line(std::string& out, const AccessRecord& record, const LogClock& clock);

}  // namespace bundle
