// What the application finds around it in this process, before there is an interpreter:
// descriptors, signals, environment, umask and working directory.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/config/config.hpp"

namespace bundle {

// Descriptors that we were started with stay ours: programs that the application starts do not get
// them. What the application prints goes to the error log, because descriptor 1 may be the access
// log.
void keep_descriptors_private();

// Nothing blocked, nothing ignored but SIGPIPE and SIGXFSZ (which Python itself would ignore), and
// Ctrl-C, Ctrl-backslash and the terminal's hang-up without effect: they reach the whole foreground
// group, but what they mean is the master's decision. That also holds for the workers, who inherit
// it.
void set_usual_signals();

// While this lives, any word of the master ends this process: an import may take long, nobody reads
// the control socket meanwhile, and all that the master can want then is that we leave.
class LeaveOnAnyOrder {
  public:
    explicit LeaveOnAnyOrder(int control);
    LeaveOnAnyOrder(const LeaveOnAnyOrder&) = delete;
    LeaveOnAnyOrder& operator=(const LeaveOnAnyOrder&) = delete;
    ~LeaveOnAnyOrder();

  private:
    int control_;
};

using Environment = std::vector<std::string>;  // "NAME=value"
Environment copy_environment();

struct Anew {
    const std::string& app;
    const std::string& socket;
    std::uint32_t generation;
    const char* more;
};
// Starts this program anew in this process, as `bundle-backend APP SOCKET GENERATION MORE`: the
// threads, sockets and variables that an import has left behind are gone, what the master gave us
// stays. Programs that it started go on. Returns only when that fails.
Error start_anew(const Anew& how, const Environment& environment);

Result<void> enter_surroundings(const AppConfig& app);

}  // namespace bundle
