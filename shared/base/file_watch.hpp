// Tells when files may have changed, however that was done: written in place, moved over, or a
// symbolic link on the way to them pointed elsewhere. Changes that follow each other closely are
// told once, when it has been quiet: certificate and key are two files.
#pragma once
#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "shared/base/owned_fd.hpp"

namespace bundle {

class FileWatch {
  public:
    using Moment = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::milliseconds kQuiet{500};
    static constexpr std::chrono::seconds kLongest{5};  // when it never gets quiet

    // Their folders are watched: what is moved over a file is another file. Without inotify, or
    // without a right to look, nothing is ever told.
    void watch(const std::vector<std::string>& files);

    [[nodiscard]] int fd() const { return inotify_ ? inotify_.get() : -1; }  // readable: take()
    void take(Moment now);
    [[nodiscard]] std::optional<Moment> due() const { return due_; }
    // Whether it is time to look; then it begins anew.
    bool is_due(Moment now);

  private:
    OwnedFd inotify_;
    std::set<std::string, std::less<>> names_;  // that matter in those folders
    std::optional<Moment> due_;
    Moment latest_;
};

}  // namespace bundle
