// What waits for the workers of an application, and what waited: for people and for programs.
#pragma once
#include <string>

#include "frontend/observe/status_facts.hpp"

namespace bundle {

// "4 of at most 512 wait, the oldest for 1.5s".
std::string waiting_text(const AppStatus& app);
// All that is known of its queue, in lines.
std::string queue_text(const AppStatus& app);
std::string queue_json(const AppStatus& app);
// Members of an application's object: its name and that.
std::string queue_members(const AppStatus& app);

}  // namespace bundle
