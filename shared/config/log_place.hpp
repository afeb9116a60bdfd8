// Where a log may go that is neither a file nor a stream: what log.path and log.access.path say.
//
//   syslog:server=10.0.0.5:514,facility=local7,tag=shop   as nginx has it; also tcp:, unix:/path
//   journald                                              or journald:/run/systemd/.../socket
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/log.hpp"
#include "shared/base/log_service/log_message.hpp"
#include "shared/base/result.hpp"
#include "shared/config/config.hpp"

namespace bundle {

// Whether it says so, well or badly; else it is a path.
bool names_log_service(std::string_view place);

// The error is the end of a sentence that begins with the option. `name` is the tag where the place
// has none.
Result<LogService> parse_log_service(std::string_view place, std::string_view name);

// Nothing for a path. Of a configuration that was checked.
std::optional<LogService> log_service_of(const std::string& place, const Config& config);

// The error log of a process, as the configuration wants it; `fd` is where it goes unless to a
// service.
LogTarget log_target_of(std::string process, const Config& config, int fd = 2);

}  // namespace bundle
