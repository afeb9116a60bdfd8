// What workers do, for people.
#pragma once
#include <string>

#include "shared/status/worker_facts.hpp"

namespace bundle {

// "app shop: 3 of 4 workers (2 configured), 1 busy", without the end of the line.
std::string workers_heading(const AppWorkers& app);
// A line for each, or for each of their threads, below one with the columns' names.
std::string workers_table(const AppWorkers& app);
// Both.
std::string workers_text(const AppWorkers& app);

}  // namespace bundle
