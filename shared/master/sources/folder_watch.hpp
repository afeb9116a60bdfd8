// Learns from the kernel (inotify) what changes in folders.
#pragma once
#include <filesystem>
#include <map>
#include <vector>

#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"
#include "shared/master/sources/source_rules.hpp"

namespace bundle {

class FolderWatch {
  public:
    // An error is the reason why the kernel does not tell: a limit is reached.
    static Result<FolderWatch> open();
    // Again for a folder that is watched already: nothing is lost. One that is not there is none.
    Result<void> add(const SourcePlace& place);

    [[nodiscard]] int fd() const { return inotify_.get(); }
    [[nodiscard]] std::size_t size() const { return folders_.size(); }
    // What has changed since, of what counts. Folders that came are watched from now on.
    Result<std::vector<std::filesystem::path>> take(const SourceRules& rules);

  private:
    explicit FolderWatch(OwnedFd inotify) : inotify_(std::move(inotify)) {}
    Result<void> add_folder(const std::filesystem::path& folder, Depth depth);

    OwnedFd inotify_;
    std::map<int, SourcePlace> folders_;  // by the kernel's number
};

}  // namespace bundle
