#include "frontend/files/directory_listing.hpp"

#include <dirent.h>
#include <fcntl.h>

#include <algorithm>
#include <memory>

namespace bundle {

namespace {

constexpr std::size_t kMostNames = 10'000;  // that are read
constexpr std::size_t kMostShown = 1'000;   // that are looked at

struct CloseDirectory {
    void operator()(DIR* directory) const noexcept { closedir(directory); }
};
using DirectoryPtr = std::unique_ptr<DIR, CloseDirectory>;

using Entry = DirectoryListing::Entry;

// The kernel often knows already what is a directory, without a look at each.
bool may_be_shown(const dirent& entry) {
    return entry.d_type == DT_REG || entry.d_type == DT_DIR || entry.d_type == DT_LNK ||
           entry.d_type == DT_UNKNOWN;
}

bool comes_before(const Entry& a, const Entry& b) {
    return a.is_directory != b.is_directory ? a.is_directory : a.name < b.name;
}

std::optional<Entry> looked_at(const FileRoot& root, DIR* directory, const std::string& path,
                               std::string name) {
    struct stat facts {};
    if (fstatat(dirfd(directory), name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0)
        return std::nullopt;
    if (S_ISLNK(facts.st_mode)) {
        const auto behind = root.facts_for_clients(path + name);
        if (!behind) return std::nullopt;
        facts = *behind;
    }
    const bool is_directory = S_ISDIR(facts.st_mode);
    if (!is_directory && !S_ISREG(facts.st_mode)) return std::nullopt;
    return Entry{std::move(name), is_directory, static_cast<std::uint64_t>(facts.st_size),
                 std::chrono::sys_seconds(std::chrono::seconds(facts.st_mtim.tv_sec))};
}

}  // namespace

std::optional<DirectoryListing> list_directory(const FileRoot& root, FoundFile found) {
    const std::string path = found.name == "." ? std::string() : found.name;
    const DirectoryPtr directory(fdopendir(found.fd.get()));
    if (!directory) return std::nullopt;
    static_cast<void>(found.fd.release());  // closedir(3) closes it

    DirectoryListing listing;
    std::vector<std::string> names;
    while (const dirent* entry = readdir(directory.get())) {
        const std::string_view name = entry->d_name;
        if (name == "." || name == ".." || !root.shows(name) || !may_be_shown(*entry)) continue;
        listing.is_cut = names.size() == kMostNames;
        if (listing.is_cut) break;
        names.emplace_back(name);
    }
    std::ranges::sort(names);
    for (std::string& name : names) {
        listing.is_cut |= listing.entries.size() == kMostShown;
        if (listing.entries.size() == kMostShown) break;
        if (auto entry = looked_at(root, directory.get(), path, std::move(name)))
            listing.entries.push_back(std::move(*entry));
    }
    std::ranges::sort(listing.entries, comes_before);
    return listing;
}

}  // namespace bundle
