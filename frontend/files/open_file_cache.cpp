#include "frontend/files/open_file_cache.hpp"

#include <string>
#include <utility>

#include "frontend/compression/compression_pool.hpp"

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
        check_twins(root, *entry);
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
    if (entry.path.ends_with('/')) {
        // A folder may have got an index file that comes before the one that was found.
        const FoundFile found = root.find(entry.path);
        return found.kind == Kind::File && found.name == entry.file->name() &&
               entry.file->is_unchanged(found.facts);
    }
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
    if (found.kind == Kind::Listing)
        return {Kind::Listing, nullptr, std::make_unique<FoundFile>(std::move(found))};
    if (found.kind != Kind::File) return {found.kind, nullptr};
    auto file = std::make_shared<const OpenFile>(std::move(found), root.rules());
    remember({root.id(), std::string(path), file, now + kTrusted});
    return {Kind::File, std::move(file)};
}

std::shared_ptr<const OpenFile> OpenFileCache::in_coding(const FileRoot& root,
                                                         std::string_view path,
                                                         const AcceptedCodings& codings, Own own) {
    if (codings.empty()) return nullptr;
    const auto found = by_key_.find({root.id(), path});
    if (found == by_key_.end()) return nullptr;  // it did not fit
    std::shared_ptr<const OpenFile> chosen;
    for (const Coding coding : codings)
        if (!chosen) chosen = twin_of(root, *found->second, coding);
    if (!chosen && own == Own::Allowed) chosen = own_of(root.rules(), *found->second, codings);
    make_room();  // perhaps that of this file
    return chosen;
}

std::shared_ptr<const OpenFile> OpenFileCache::twin_of(const FileRoot& root, Entry& entry,
                                                       Coding coding) {
    Form& form = entry.forms.at(index_of(coding));
    if (!form.is_known && root.rules().files.precompressed)
        look_for_twin(root, *entry.file, coding, form);
    form.is_known = true;
    return form.twin;
}

std::shared_ptr<const OpenFile> OpenFileCache::own_of(const FileRules& rules, Entry& entry,
                                                      const AcceptedCodings& codings) {
    const OpenFile& file = *entry.file;
    if (!rules.is_compressed(file.type(), file.size())) return nullptr;
    const auto coding = codings.best_of(rules.compression.codings);
    if (!coding) return nullptr;
    std::shared_ptr<const OpenFile>& own = entry.forms.at(index_of(*coding)).own;
    if (own) return own;
    const auto bytes = file.read();
    if (!bytes) return nullptr;
    own = std::make_shared<const OpenFile>(
        file, *coding, compressed(*bytes, *coding, level_of(*coding, rules.compression)));
    count(*own);
    return own;
}

void OpenFileCache::look_for_twin(const FileRoot& root, const OpenFile& file, Coding coding,
                                  Form& form) {
    std::string name = "/" + file.name();
    FoundFile found = root.find(name.append(coding_ending(coding)));
    if (found.kind != Kind::File) return;
    // Whole seconds: copies keep no more of a file's time. One that is older was made of an older
    // state of the file.
    if (found.facts.st_mtim.tv_sec < file.modified().time_since_epoch().count()) return;
    form.twin = std::make_shared<const OpenFile>(std::move(found), file, coding);
    count(*form.twin);
}

// Those that have not changed stay; for the others one looks again.
void OpenFileCache::check_twins(const FileRoot& root, Entry& entry) {
    for (Form& form : entry.forms) {
        if (form.twin) {
            const auto facts = root.facts_of(form.twin->name());
            if (facts && form.twin->is_unchanged(*facts)) continue;
            count_out(*form.twin);
            form.twin.reset();
        }
        form.is_known = false;
    }
}

void OpenFileCache::count(const OpenFile& file) {
    descriptors_ += file.is_in_memory() ? 0 : 1;
    contents_ += file.contents().size();
}

void OpenFileCache::count_out(const OpenFile& file) {
    descriptors_ -= file.is_in_memory() ? 0 : 1;
    contents_ -= file.contents().size();
}

void OpenFileCache::remember(Entry entry) {
    count(*entry.file);
    entries_.push_front(std::move(entry));
    by_key_.emplace(Key{entries_.front().root, entries_.front().path}, entries_.begin());
    make_room();
}

void OpenFileCache::make_room() {
    while (entries_.size() > limits_.files || descriptors_ > limits_.descriptors ||
           contents_ > limits_.contents.count)
        forget(std::prev(entries_.end()));
}

void OpenFileCache::forget(Entries::iterator entry) {
    count_out(*entry->file);
    for (const Form& form : entry->forms) {
        if (form.twin) count_out(*form.twin);
        if (form.own) count_out(*form.own);
    }
    by_key_.erase({entry->root, entry->path});
    entries_.erase(entry);
}

}  // namespace bundle
