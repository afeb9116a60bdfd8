// Numbers in the environment, as systemd hands its facts to a service.
#pragma once
#include <cstdint>
#include <optional>

namespace bundle {

// Nothing when the variable is not there, or is anything but a whole decimal number.
std::optional<std::int64_t> number_in_environment(const char* variable);

}  // namespace bundle
