#include "frontend/files/file_root.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

#include <atomic>
#include <climits>

#include "shared/base/log.hpp"

namespace bundle {

namespace {

// A name that is renamed or mounted over while the kernel walks it gives EAGAIN: it could not tell
// whether the walk stayed beneath the root.
constexpr int kTriesWhileItMoves = 8;

// O_NONBLOCK: opening a FIFO would wait for its other end. O_NOCTTY: a terminal would become ours.
int open_beneath_without_waiting(int directory, const char* name) {
    open_how how{};
    how.flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    long fd = -1;
    for (int tries = 0; tries < kTriesWhileItMoves && fd < 0; ++tries) {
        fd = syscall(SYS_openat2, directory, name, &how, sizeof how);
        if (fd < 0 && errno != EAGAIN && errno != EINTR) break;
    }
    return static_cast<int>(fd);
}

FoundFile::Kind kind_of_failure(int error, const std::string& name) {
    switch (error) {
        case ENOENT:
        case ENOTDIR:
        case ELOOP:
        case EXDEV:  // it leads out of the root
        case ENAMETOOLONG:
        case EINVAL:
        case ENXIO:   // a socket
        case ENODEV:  // a device without a driver
            return FoundFile::Kind::Nothing;
        case EACCES:
        case EPERM:
            return FoundFile::Kind::Forbidden;
        case EMFILE:
        case ENFILE:
        case ENOMEM:
        case EAGAIN:
        case EINTR:
            return FoundFile::Kind::Exhausted;
        default:
            log_warn("cannot open the file {}: {}; answering 500", log_quoted(name),
                     strerror(error));
            return FoundFile::Kind::Failed;
    }
}

FoundFile not_found(FoundFile::Kind why = FoundFile::Kind::Nothing) {
    FoundFile none;
    none.kind = why;
    return none;
}

bool is_served(std::string_view segment) {
    return segment.empty() || segment.front() != '.' || segment == ".well-known";
}

bool every_segment_is_served(std::string_view path) {
    while (!path.empty()) {
        const std::size_t end = path.find('/');
        if (!is_served(path.substr(0, end))) return false;
        path.remove_prefix(end == std::string_view::npos ? path.size() : end + 1);
    }
    return true;
}

std::uint64_t next_id() {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

}  // namespace

FileRoot::FileRoot(OwnedFd directory, std::vector<std::string> index)
    : directory_(std::move(directory)), index_(std::move(index)), id_(next_id()) {}

Result<FileRoot> FileRoot::open(const std::string& directory, std::vector<std::string> index) {
    OwnedFd opened(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!opened) return system_failure("open the directory " + directory);
    const OwnedFd probe(open_beneath_without_waiting(opened.get(), "."));
    // EPERM: what seccomp filters that do not know the call answer. A directory that may be
    // searched but not read is EACCES, and fine.
    if (!probe && (errno == ENOSYS || errno == EPERM))
        return system_failure(
            "open files beneath " + directory +
            " with openat2, which needs Linux 5.6 and a container that allows it");
    return FileRoot(std::move(opened), std::move(index));
}

FoundFile FileRoot::find(std::string_view path) const {
    const bool absolute = path.starts_with('/');
    if (!absolute && !path.empty()) return not_found();  // "*" of OPTIONS
    const std::string_view below = absolute ? path.substr(1) : path;
    // A NUL would cut the name short; another slash would make it absolute.
    if (below.size() >= PATH_MAX || below.starts_with('/') ||
        below.find('\0') != std::string_view::npos)
        return not_found();
    if (!every_segment_is_served(below)) return not_found();
    if (path.ends_with('/')) return find_index(std::string(below));

    FoundFile found = open_beneath(path.empty() ? "." : std::string(below));
    if (found.kind != FoundFile::Kind::Directory) return found;
    // A directory without an index file has nothing to show, and what is behind (an application,
    // 404) comes to its turn without a detour over the slash.
    const auto indexed = find_index(std::string(below) + '/');
    return not_found(indexed.kind == FoundFile::Kind::File ? FoundFile::Kind::Directory
                                                           : indexed.kind);
}

FoundFile FileRoot::find_index(std::string directory) const {
    if (directory == "/") directory.clear();
    for (const std::string& name : index_) {
        FoundFile found = open_beneath(directory + name);
        if (found.kind != FoundFile::Kind::Nothing && found.kind != FoundFile::Kind::Directory)
            return found;
    }
    return not_found();
}

FoundFile FileRoot::open_beneath(std::string name) const {
    FoundFile found;
    found.fd = OwnedFd(open_beneath_without_waiting(directory_.get(), name.c_str()));
    if (!found.fd) return not_found(kind_of_failure(errno, name));
    if (fstat(found.fd.get(), &found.facts) != 0) return not_found(kind_of_failure(errno, name));
    if (S_ISDIR(found.facts.st_mode)) return not_found(FoundFile::Kind::Directory);
    if (!S_ISREG(found.facts.st_mode)) return not_found();
    found.kind = FoundFile::Kind::File;
    found.name = std::move(name);
    return found;
}

std::optional<struct stat> FileRoot::facts_of(const std::string& name) const {
    struct stat facts {};
    if (fstatat(directory_.get(), name.c_str(), &facts, 0) != 0) return std::nullopt;
    return facts;
}

}  // namespace bundle
