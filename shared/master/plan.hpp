// Which programs run as which users: what can be decided, and refused, before anything is opened or
// started.
#pragma once
#include <string>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/config/config.hpp"
#include "shared/master/identity.hpp"
#include "shared/master/programs.hpp"
#include "shared/master/run_directory.hpp"

namespace bundle {

struct FrontPlan {
    std::filesystem::path program;
    Identity identity;
};

struct ArbiterPlan {
    std::string app;
    Backend backend;
    Identity identity;
};

struct Plan {
    FrontPlan front;
    std::vector<ArbiterPlan> arbiters;  // in the order of config.apps
};

// What the plan is for: who only looks may well be somebody who cannot become the users of the
// file, and then does not see with their eyes either.
enum class PlanFor { Serving, Looking };

// Or every problem, one to a line: a user that does not exist, a virtualenv of another Python, a
// folder that is closed to the user who needs it.
Result<Plan> make_plan(const Config& config, const Programs& programs, PlanFor purpose);

// Whether some workers run as another user than we do.
RunDirectory::WorkersAre kind_of_workers(const Plan& plan);

}  // namespace bundle
