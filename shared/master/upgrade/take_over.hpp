// The other end of an upgrade: a new program in the master's process goes on with what the one
// before has handed over.
#pragma once
#include <filesystem>

#include "shared/config/loader.hpp"
#include "shared/master/upgrade/command_line.hpp"

namespace bundle {

// `programs` is our own folder, `state` a descriptor of what was handed over.
struct TakeOver {
    const LoadRequest& request;
    const CommandLine& words;
    const std::filesystem::path& programs;
    int state;
};

// Whether that would go well, without touching anything; says so on stdout. Gives an exit status.
int check_take_over(const TakeOver& how);

// Serves on, and replaces front and workers. Gives the exit status of serve.
int take_over(const TakeOver& how);

}  // namespace bundle
