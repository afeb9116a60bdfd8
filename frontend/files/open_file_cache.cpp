#include "frontend/files/open_file_cache.hpp"

namespace bundle {

using Kind = FoundFile::Kind;

OpenFileCache::Finding OpenFileCache::find(const FileRoot& root, std::string_view path,
                                           TimePoint now) {
    const auto found = by_key_.find({root.id(), path});
    if (found == by_key_.end()) return open(root, path, now);

    const auto entry = found->second;
    if (entry != entries_.begin()) entries_.splice(entries_.begin(), entries_, entry);
    if (now >= entry->trusted_until) {
        if (!is_still_true(*entry, root)) {
            forget(entry);
            return open(root, path, now);
        }
        entry->trusted_until = now + kTrusted;
    }
    return {Kind::File, entry->file};
}

OpenFileCache::Finding OpenFileCache::find_as_it_is(const FileRoot& root, std::string_view path,
                                                    TimePoint now) {
    const auto found = by_key_.find({root.id(), path});
    if (found != by_key_.end()) found->second->trusted_until = now;
    return find(root, path, now);
}

bool OpenFileCache::is_still_true(const Entry& entry, const FileRoot& root) {
    // A folder may have got an index file that comes before the one that was found.
    if (entry.path.ends_with('/')) return false;
    const auto facts = root.facts_of(entry.file->name());
    return facts && entry.file->is_unchanged(*facts);
}

OpenFileCache::Finding OpenFileCache::open(const FileRoot& root, std::string_view path,
                                           TimePoint now) {
    FoundFile found = root.find(path);
    if (found.kind == Kind::Exhausted && !entries_.empty()) {
        // Descriptors that we keep for speed are the first to give up when they run short.
        while (!entries_.empty()) forget(entries_.begin());
        found = root.find(path);
    }
    if (found.kind != Kind::File) return {found.kind, nullptr};
    auto file = std::make_shared<const OpenFile>(std::move(found));
    remember({root.id(), std::string(path), file, now + kTrusted});
    return {Kind::File, std::move(file)};
}

void OpenFileCache::remember(Entry entry) {
    descriptors_ += entry.file->is_in_memory() ? 0 : 1;
    contents_ += entry.file->contents().size();
    entries_.push_front(std::move(entry));
    by_key_.emplace(Key{entries_.front().root, entries_.front().path}, entries_.begin());
    while (entries_.size() > limits_.files || descriptors_ > limits_.descriptors ||
           contents_ > limits_.contents.count)
        forget(std::prev(entries_.end()));
}

void OpenFileCache::forget(Entries::iterator entry) {
    descriptors_ -= entry->file->is_in_memory() ? 0 : 1;
    contents_ -= entry->file->contents().size();
    by_key_.erase({entry->root, entry->path});
    entries_.erase(entry);
}

}  // namespace bundle
