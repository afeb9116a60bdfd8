// Commands to a bundle that runs: finding it, asking it, showing what it says until it is done.
#pragma once
#include <string>

#include "shared/command/config_arguments.hpp"
#include "shared/wire/command.hpp"

namespace bundle {

struct RunningArguments {
    ConfigArguments config;
    std::string control;  // its socket; empty: control.path of the configuration
};

// --conf, --set and --control. `arguments` outlives the parsing.
void add_running_arguments(CLI::App& verb, RunningArguments& arguments);

// Gives the exit status of the command.
int command_running_bundle(const RunningArguments& arguments, const wire::CommandRequest& request);
// All that it says, for one of which that is known to be good; nothing is shown.
Result<std::string> ask_running_bundle(const RunningArguments& arguments,
                                       const wire::CommandRequest& request);
// Of one app, where it has a name.
wire::CommandRequest status_request(wire::StatusForm form, std::string app = {});

}  // namespace bundle
