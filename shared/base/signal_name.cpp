#include "shared/base/signal_name.hpp"

#include <fmt/format.h>
#include <string.h>

#include <csignal>

namespace bundle {

std::string signal_name(int signal) {
    const char* const name = sigabbrev_np(signal);
    if (name == nullptr) return fmt::format("SIGRTMIN+{}", signal - SIGRTMIN);
    return fmt::format("SIG{}", name);
}

}  // namespace bundle
