#include "shared/base/file_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <string_view>
#include <utility>

namespace bundle {

namespace {

namespace fs = std::filesystem;

constexpr int kMostLinks = 40;  // as the kernel allows

// The file, and each one that a symbolic link on the way leads to.
void add_with_links(fs::path file, std::set<fs::path>& found) {
    std::error_code error;
    for (int links = 0; links < kMostLinks; ++links) {
        found.insert(file);
        // A folder on the way may be a link as well.
        for (fs::path part = file.parent_path(); part.has_relative_path();
             part = part.parent_path())
            if (fs::is_symlink(part, error)) found.insert(part);
        if (!fs::is_symlink(file, error)) return;
        const fs::path target = fs::read_symlink(file, error);
        if (error) return;
        file = (file.parent_path() / target).lexically_normal();
    }
}

}  // namespace

void FileWatch::watch(const std::vector<std::string>& files) {
    constexpr std::uint32_t kChanges = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE |
                                       IN_MOVED_FROM | IN_ATTRIB | IN_ONLYDIR;
    inotify_ = files.empty() ? OwnedFd() : OwnedFd(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    if (!inotify_) return;
    std::set<fs::path> found;
    for (const std::string& file : files) add_with_links(file, found);
    names_.clear();
    for (const fs::path& file : found) {
        names_.insert(file.filename());
        inotify_add_watch(inotify_.get(), file.parent_path().c_str(), kChanges);
    }
}

void FileWatch::take(Moment now) {
    alignas(inotify_event) std::array<char, 4096> events;
    bool changed = false;
    for (ssize_t got = 0; (got = read(inotify_.get(), events.data(), events.size())) > 0;) {
        for (const char* at = events.data(); at < events.data() + got;) {
            const auto& event = *reinterpret_cast<const inotify_event*>(at);
            // Without a name: it concerns the folder, or more happened than could be told.
            changed = changed || event.len == 0 || names_.contains(std::string_view(event.name));
            at += sizeof event + event.len;
        }
    }
    if (!changed) return;
    if (!due_) latest_ = now + kLongest;
    due_ = std::min(now + kQuiet, latest_);
}

bool FileWatch::is_due(Moment now) {
    if (!due_ || now < *due_) return false;
    due_.reset();
    return true;
}

}  // namespace bundle
