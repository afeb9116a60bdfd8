// A directory below which files are opened, by the kernel and nowhere else: openat2(2) with
// RESOLVE_BENEATH, so that neither ".." nor a symbolic link can lead out of it, whatever changes on
// the disk meanwhile. Symbolic links inside are followed, or none at all, or also those that lead
// out, as the rules say; /proc's magic links never.
//
// Only regular files are found: a FIFO or a device would block the event loop or never end. Names
// that begin with a dot (.git, .env, .htpasswd) are not found unless the rules say so, but for
// .well-known (RFC 8615).
#pragma once
#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/files/file_rules.hpp"
#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"

namespace bundle {

struct FoundFile {
    enum class Kind {
        File,
        Directory,  // asked for without its slash; it has an index file, or is listed
        Listing,    // a directory without an index file, whose contents may be shown
        Nothing,
        Forbidden,  // it is there, but our user may not read it
        Exhausted,  // no descriptor or memory left: it may be there
        Failed,     // the disk; logged
    };
    Kind kind = Kind::Nothing;
    OwnedFd fd;             // of a File or a Listing
    struct stat facts {};   // likewise
    std::string name = {};  // likewise: below the root, the index file's own name included
};

class FileRoot {
  public:
    // `index` are the names that a directory is answered with, the first that exists. An error when
    // `directory` cannot be opened or the kernel has no openat2 (Linux before 5.6, or a container
    // that denies it).
    static Result<FileRoot> open(const std::string& directory, std::vector<std::string> index,
                                 FileRules rules = {});

    // `path` is decoded and normalised; it begins with "/", or is empty for the directory itself
    // without its slash.
    [[nodiscard]] FoundFile find(std::string_view path) const;

    // What now stands under the name of a file found before, followed out of the root too: good for
    // nothing but to see whether it is still the same. Nothing when it is gone.
    [[nodiscard]] std::optional<struct stat> facts_of(const std::string& name) const;

    // Of a name below the root that a client could ask for, its symbolic links followed by the
    // rules. Nothing when it would not be found.
    [[nodiscard]] std::optional<struct stat> facts_for_clients(const std::string& name) const;
    [[nodiscard]] bool shows(std::string_view segment) const;  // its dot, if it begins with one

    [[nodiscard]] const FileRules& rules() const { return rules_; }

    // Unlike every other in this process, ever: a key for caches that outlive a reload.
    [[nodiscard]] std::uint64_t id() const { return id_; }

  private:
    FileRoot(OwnedFd directory, std::string path, std::vector<std::string> index, FileRules rules);

    [[nodiscard]] FoundFile find_index(std::string directory) const;
    [[nodiscard]] FoundFile open_beneath(std::string name) const;
    [[nodiscard]] bool every_segment_is_shown(std::string_view path) const;

    // The directory was removed, and another one stands in its place: from now on that one.
    [[nodiscard]] bool opens_anew() const;

    mutable OwnedFd directory_;
    std::string path_;
    mutable time_t looked_ = 0;  // at path_, by the clock of the whole machine
    mutable bool told_replaced_ = false;
    std::vector<std::string> index_;
    FileRules rules_;
    std::uint64_t id_;
};

}  // namespace bundle
