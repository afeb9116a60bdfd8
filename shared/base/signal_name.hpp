// What people call a signal.
#pragma once
#include <string>

namespace bundle {

std::string signal_name(int signal);  // "SIGKILL", "SIGRTMIN+3"

}  // namespace bundle
