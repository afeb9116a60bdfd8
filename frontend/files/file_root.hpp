// A directory below which files are opened, by the kernel and nowhere else: openat2(2) with
// RESOLVE_BENEATH, so that neither ".." nor a symbolic link can lead out of it, whatever changes on
// the disk meanwhile. Symbolic links inside are followed; /proc's magic links are not.
//
// Only regular files are found: a FIFO or a device would block the event loop or never end. Names
// that begin with a dot (.git, .env, .htpasswd) are not found, but for .well-known (RFC 8615).
#pragma once
#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"

namespace bundle {

struct FoundFile {
    enum class Kind {
        File,
        Directory,  // asked for without its slash; it has an index file
        Nothing,
        Forbidden,  // it is there, but our user may not read it
        Exhausted,  // no descriptor or memory left: it may be there
        Failed,     // the disk; logged
    };
    Kind kind = Kind::Nothing;
    OwnedFd fd;            // of a File
    struct stat facts {};  // of a File
    std::string name;      // of a File: below the root, the index file's own name included
};

class FileRoot {
  public:
    // `index` are the names that a directory is answered with, the first that exists. An error when
    // `directory` cannot be opened or the kernel has no openat2 (Linux before 5.6, or a container
    // that denies it).
    static Result<FileRoot> open(const std::string& directory, std::vector<std::string> index);

    // `path` is decoded and normalised; it begins with "/", or is empty for the directory itself
    // without its slash.
    [[nodiscard]] FoundFile find(std::string_view path) const;

    // What now stands under the name of a file found before, followed out of the root too: good for
    // nothing but to see whether it is still the same. Nothing when it is gone.
    [[nodiscard]] std::optional<struct stat> facts_of(const std::string& name) const;

    // Unlike every other in this process, ever: a key for caches that outlive a reload.
    [[nodiscard]] std::uint64_t id() const { return id_; }

  private:
    FileRoot(OwnedFd directory, std::vector<std::string> index);

    [[nodiscard]] FoundFile find_index(std::string directory) const;
    [[nodiscard]] FoundFile open_beneath(std::string name) const;

    OwnedFd directory_;
    std::vector<std::string> index_;
    std::uint64_t id_;
};

}  // namespace bundle
