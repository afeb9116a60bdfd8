#include "shared/master/sources/folder_poll.hpp"

#include <sys/stat.h>

#include <utility>

namespace bundle {

namespace fs = std::filesystem;

FolderPoll::Stamps FolderPoll::stamps_of(const SourceRules& rules,
                                         const std::vector<SourcePlace>& places) {
    Stamps stamps;
    const auto note = [&](const fs::path& file) {
        struct stat status {};
        if (rules.counts(file) && stat(file.c_str(), &status) == 0)
            stamps[file] = {status.st_mtim, status.st_size, status.st_ino};
    };
    for (const SourcePlace& place : places)
        for_each_folder(place, [&](const fs::path& folder) { for_each_file(folder, note); });
    return stamps;
}

std::vector<fs::path> FolderPoll::look(const SourceRules& rules,
                                       const std::vector<SourcePlace>& places) {
    std::vector<fs::path> changed;
    const Stamps before = std::exchange(stamps_, stamps_of(rules, places));
    const bool same_places = std::exchange(places_, places) == places;
    for (const auto& [file, stamp] : stamps_) {
        const auto known = before.find(file);
        if (known == before.end() ? same_places : !(known->second == stamp))
            changed.push_back(file);
    }
    for (const auto& [file, stamp] : before)
        if (!stamps_.contains(file)) changed.push_back(file);
    return changed;
}

}  // namespace bundle
