#include "frontend/prepared.hpp"

#include <string>
#include <utility>

#include "shared/base/file_text.hpp"
#include "shared/config/loader.hpp"
#include "shared/config/log_place.hpp"

namespace bundle {

void log_as_front(const Config& config) {
    LogTarget target = log_target_of("front", config);
    target.patience = milliseconds::zero();
    set_log_target(std::move(target));
}

Result<Config> read_config(const OwnedFd& file) {
    TRY_ASSIGN(const std::string text, read_from_start(file.get(), "the configuration"));
    return load_resolved_config(text);
}

Result<Credentials> read_sealed(const OwnedFd& file) {
    TRY_ASSIGN(const std::string bytes, read_from_start(file.get(), "the credentials"));
    return decode_credentials(bytes);
}

AppPools pools_for(const std::shared_ptr<const Snapshot>& snapshot, Scoreboards scoreboards) {
    return {snapshot->generation, std::shared_ptr<const Config>(snapshot, &snapshot->config),
            std::move(scoreboards)};
}

Result<Prepared> prepare(std::uint32_t generation, std::vector<OwnedFd> descriptors,
                         std::shared_ptr<CounterTable> counters) {
    constexpr std::size_t kBeforeListeners = 4;
    if (descriptors.size() < kBeforeListeners)
        return failure("the front has not got its descriptors; raise its limit of open files");
    TRY_ASSIGN(Config config, read_config(descriptors[0]));
    const std::size_t scoreboards = kBeforeListeners + config.all_listeners().size();
    if (descriptors.size() != scoreboards + config.apps.size())
        return failure("the front has not got a descriptor for each listener and app");
    Prepared prepared;
    TRY_ASSIGN(prepared.snapshot,
               make_snapshot(std::move(config), generation, std::move(counters)));
    prepared.access_log = std::move(descriptors[1]);
    prepared.error_log = std::move(descriptors[2]);
    TRY_ASSIGN(prepared.credentials, read_sealed(descriptors[3]));
    for (std::size_t i = kBeforeListeners; i < scoreboards; ++i)
        prepared.listeners.push_back(std::move(descriptors[i]));
    for (std::size_t i = scoreboards; i < descriptors.size(); ++i) {
        TRY_ASSIGN(auto scoreboard, wire::ScoreboardView::open(std::move(descriptors[i])));
        prepared.scoreboards.push_back(std::move(scoreboard));
    }
    return prepared;
}

}  // namespace bundle
