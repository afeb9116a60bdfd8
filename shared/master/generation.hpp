// What one reading of the file has become: the configuration, and everything that was opened for
// it. The first comes with the start, the next with each reload.
#pragma once
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"
#include "shared/config/loader.hpp"
#include "shared/master/certificates.hpp"
#include "shared/master/child.hpp"
#include "shared/master/listeners.hpp"
#include "shared/master/plan.hpp"
#include "shared/master/resources.hpp"
#include "shared/master/supervision.hpp"
#include "shared/wire/scoreboard.hpp"

namespace bundle {

// Its logs, opened by us: the others may have no right to.
struct Logs {
    OwnedFd error;   // none: stderr, or a service
    OwnedFd access;  // /dev/null: none, or a service
    [[nodiscard]] int error_fd() const { return error ? error.get() : 2; }
};
Result<Logs> open_logs(const LogConfig& config);

struct Generation {
    std::uint32_t number = 1;
    Config config;                      // its listeners have their real addresses
    std::string text;                   // the same, for the children
    std::vector<std::string> warnings;  // of the file, told already
    Logs logs;
    Certificates certificates;
    std::vector<Listener> listeners;
    std::vector<wire::Scoreboard> scoreboards;    // one for each app
    std::vector<OwnedFd> scoreboard_views;        // of these, for the front
    std::shared_ptr<const WorkerSocket> workers;  // of its front
    ChildNumber front = kFront;
    // The others follow, in the order of the apps.
    ChildNumber first_arbiter = kNobodyYet;
    static constexpr ChildNumber kNobodyYet = std::numeric_limits<ChildNumber>::max();

    // Of the next app.
    Result<void> add(wire::Scoreboard scoreboard);
    [[nodiscard]] bool has_arbiter(ChildNumber child) const {
        return child >= first_arbiter && child < first_arbiter + config.apps.size();
    }
    [[nodiscard]] bool has(ChildNumber child) const { return child == front || has_arbiter(child); }
};

// `before` is the one that serves; null at the start.
Result<Generation> open_generation(const LoadedConfig& loaded, Logs logs, Resources& resources,
                                   const Generation* before);

// What its children are given.
enum class FrontBegins { AtOnce, AtCommit };
Outfit outfit_of_front(const Generation& generation, const Resources& resources, FrontBegins when);
Outfit outfit_of_arbiter(const Generation& generation, std::size_t app, const Resources& resources);

// Their programs are held open from now on: a child that is started again after an upgrade of the
// package is still of our version.
Result<Child> front_of(const Plan& plan, std::uint32_t generation);
Result<std::vector<Child>> arbiters_of(const Plan& plan, std::uint32_t generation);

StopTimes stop_times(const Config& config);

}  // namespace bundle
