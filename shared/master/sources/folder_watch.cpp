#include "shared/master/sources/folder_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace bundle {

namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t kChanges =
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_ONLYDIR;

}  // namespace

Result<FolderWatch> FolderWatch::open() {
    OwnedFd inotify(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    if (!inotify) return system_failure("inotify (fs.inotify.max_user_instances)");
    return FolderWatch(std::move(inotify));
}

Result<void> FolderWatch::add(const SourcePlace& place) {
    Result<void> added;
    for_each_folder(place, [&](const fs::path& folder) {
        if (added) added = add_folder(folder, place.depth);
    });
    return added;
}

Result<void> FolderWatch::add_folder(const fs::path& folder, Depth depth) {
    const int number = inotify_add_watch(inotify_.get(), folder.c_str(), kChanges);
    if (number >= 0) {
        SourcePlace& known = folders_[number];
        // One that is in two places is watched for the wider one.
        known = {folder, known.depth == Depth::WithFolders ? known.depth : depth};
    } else if (errno == ENOSPC || errno == ENOMEM) {
        return system_failure("inotify (fs.inotify.max_user_watches)");
    }
    return {};
}

Result<std::vector<fs::path>> FolderWatch::take(const SourceRules& rules) {
    std::vector<fs::path> changed;
    const auto note = [&](const fs::path& file) {
        if (rules.counts(file)) changed.push_back(file);
    };
    alignas(inotify_event) std::array<char, 16384> events;
    for (ssize_t got = 0; (got = read(inotify_.get(), events.data(), events.size())) > 0;) {
        for (const char* at = events.data(); at < events.data() + got;) {
            const auto& event = *reinterpret_cast<const inotify_event*>(at);
            at += sizeof event + event.len;
            if ((event.mask & IN_Q_OVERFLOW) != 0) {
                // More than can be told: something will have counted.
                changed.emplace_back("many files");
                for (const SourcePlace& place : rules.places()) TRY(add(place));
            }
            const auto found = folders_.find(event.wd);
            if (found == folders_.end()) continue;
            if ((event.mask & IN_IGNORED) != 0) {
                folders_.erase(found);
                continue;
            }
            if (event.len == 0) continue;
            const SourcePlace place = found->second;
            const fs::path path = fs::path(place.folder) / event.name;
            if ((event.mask & IN_ISDIR) == 0) {
                note(path);
            } else if (place.depth == Depth::WithFolders && is_looked_into(path)) {
                // What stands in it may have been there before it was watched.
                TRY(add({path, place.depth}));
                for_each_folder({path, place.depth},
                                [&](const fs::path& folder) { for_each_file(folder, note); });
            }
        }
    }
    return changed;
}

}  // namespace bundle
