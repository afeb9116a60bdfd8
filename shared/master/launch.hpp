// Starting a child: its descriptors in their places, its user, its death tied to ours.
#pragma once
#include <sys/types.h>

#include <string>
#include <vector>

#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"
#include "shared/master/identity.hpp"

namespace bundle {

// Of its own: Ctrl-C in a terminal reaches the master alone, and it cannot read from there.
enum class ProcessGroup { Own, TheMasters };

struct Launch {
    int program = -1;  // opened before, so that the user needs no way to its folder
    std::vector<std::string> arguments;  // the first is its name
    const Identity& identity;
    std::vector<int>
        descriptors;  // the child finds the i-th of them as descriptor i, and no others
    ProcessGroup group = ProcessGroup::Own;
};

// The child gets default signals; SIGKILL when we die; no_new_privs. An error is what went wrong up
// to and including exec.
Result<pid_t> launch(const Launch& child);

// `text` in sealed memory, read from its start.
Result<OwnedFd> sealed_text(const std::string& text);

}  // namespace bundle
