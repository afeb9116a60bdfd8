#include "frontend/prepared.hpp"

#include <unistd.h>

#include <string>
#include <utility>

#include "shared/config/loader.hpp"

namespace bundle {

Result<Config> read_config(const OwnedFd& file) {
    std::string text(static_cast<std::size_t>(lseek(file.get(), 0, SEEK_END)), '\0');
    const ssize_t got = pread(file.get(), text.data(), text.size(), 0);
    if (got != static_cast<ssize_t>(text.size())) return system_failure("read the configuration");
    return load_resolved_config(text);
}

AppPools pools_for(const std::shared_ptr<const Snapshot>& snapshot) {
    return {snapshot->generation, std::shared_ptr<const Config>(snapshot, &snapshot->config)};
}

Result<Prepared> prepare(std::uint32_t generation, std::vector<OwnedFd> descriptors) {
    constexpr std::size_t kBeforeListeners = 3;
    if (descriptors.size() < kBeforeListeners)
        return failure("the front has not got its descriptors; raise its limit of open files");
    TRY_ASSIGN(Config config, read_config(descriptors[0]));
    if (descriptors.size() != kBeforeListeners + config.listen.size())
        return failure("the front has not got a descriptor for each listener");
    Prepared prepared;
    TRY_ASSIGN(prepared.snapshot, make_snapshot(std::move(config), generation));
    prepared.access_log = std::move(descriptors[1]);
    prepared.error_log = std::move(descriptors[2]);
    for (std::size_t i = kBeforeListeners; i < descriptors.size(); ++i)
        prepared.listeners.push_back(std::move(descriptors[i]));
    return prepared;
}

}  // namespace bundle
