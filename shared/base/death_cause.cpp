#include "shared/base/death_cause.hpp"

#include <fmt/format.h>
#include <sys/wait.h>

#include <csignal>

#include "shared/base/exit_status.hpp"
#include "shared/base/signal_name.hpp"

namespace bundle {

namespace {

std::string sender(int signal, std::string_view killed_for, Memory memory) {
    if (signal == SIGKILL && !killed_for.empty())
        return fmt::format("sent_by=bundle why={}", killed_for);
    if (signal == SIGKILL && memory == Memory::RanOut)
        return "sent_by=kernel why=\"out of memory: oom_kill of the control group went up\"";
    for (const int fault : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT})
        if (signal == fault) return "why=\"native code crashed\"";
    return "sent_by=\"not by bundle\"";
}

}  // namespace

std::string death_cause(int wait_status, std::string_view killed_for, Memory memory) {
    if (WIFEXITED(wait_status)) return fmt::format("exit={}", WEXITSTATUS(wait_status));
    const int signal = WTERMSIG(wait_status);
    return fmt::format("signal={} {}", signal_name(signal), sender(signal, killed_for, memory));
}

std::string death_reason(int wait_status, std::string_view killed_for, Memory memory) {
    if (!killed_for.empty()) return std::string(killed_for);
    if (WIFEXITED(wait_status)) {
        const int status = WEXITSTATUS(wait_status);
        return status == kExitWell ? "left" : fmt::format("exit {}", status);
    }
    if (WTERMSIG(wait_status) == SIGKILL && memory == Memory::RanOut) return "out of memory";
    return signal_name(WTERMSIG(wait_status));
}

}  // namespace bundle
