// What workers do, for programs.
#pragma once
#include <string>

#include "shared/status/worker_facts.hpp"

namespace bundle {

// Members of an application's object: its name, its numbers and its workers, each on a line.
std::string workers_members(const AppWorkers& app);

}  // namespace bundle
