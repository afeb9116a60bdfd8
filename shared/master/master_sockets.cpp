// The master and the files by which others find it. Somebody may tidy up the folder while we run (a
// cleaner of temporary files, logind at the end of a session, a hand): what is gone is made again,
// or no worker would ever come back, and no command reach us.
#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <array>

#include "shared/base/log.hpp"
#include "shared/master/master.hpp"

namespace bundle {

void Master::look_at_sockets() {
    if (!resources_.control.file().is_there())
        tell_of_file(resources_.control.file().path(), restore_control());
    if (!resources_.workers->listener.file.is_there())
        tell_of_file(resources_.workers->listener.file.path(), restore_workers());
    for (const Listener& listener : current_.listeners)
        if (is_removed(listener))
            tell_of_file(listener.file.path(), failure("a reload makes it again"));
}

// Once, for as long as the same is in the way.
void Master::tell_of_file(const std::string& path, const Result<void>& restored) {
    const std::string line = fmt::format("{} is gone, somebody has removed it; {}", path,
                                         restored ? "it is made again" : restored.error().message);
    if (restored) told_of_files_.clear();
    if (restored || told_of_files_.insert(line).second) log_error("{}", line);
}

Result<void> Master::restore_control() {
    TRY(resources_.run_directory.restore());
    return resources_.control.listen_again(current_.config.control);
}

Result<void> Master::restore_workers() {
    TRY(resources_.run_directory.restore());
    const bool ours = std::ranges::all_of(children_, [this](const auto& entry) {
        return supervision_.children().at(entry.first).is_front ||
               entry.second.spec().identity.uid == geteuid();
    });
    TRY_ASSIGN(WorkerSocket socket,
               resources_.run_directory.listen_for_workers(
                   resources_.workers->name,
                   ours ? RunDirectory::WorkersAre::OurUser : RunDirectory::WorkersAre::AnyUser));
    const auto before =
        std::exchange(resources_.workers, std::make_shared<const WorkerSocket>(std::move(socket)));
    current_.workers = resources_.workers;
    if (next_ && next_->generation.workers == before) next_->generation.workers = current_.workers;
    children_.at(current_.front)
        .tell({.type = wire::ControlType::WorkerListener, .app = {}, .text = {}},
              std::array{current_.workers->listener.fd.get()});
    return {};
}

}  // namespace bundle
