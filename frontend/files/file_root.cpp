#include "frontend/files/file_root.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

#include <atomic>
#include <climits>
#include <ctime>
#include <utility>

#include "shared/base/log.hpp"
#include "shared/routing/dotfile.hpp"

namespace bundle {

namespace {

// A name that is renamed or mounted over while the kernel walks it gives EAGAIN: it could not tell
// whether the walk stayed beneath the root.
constexpr int kTriesWhileItMoves = 8;

std::uint64_t resolve_of(Symlinks symlinks) {
    switch (symlinks) {
        case Symlinks::Beneath:
            break;
        case Symlinks::Deny:
            return RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
        case Symlinks::Follow:
            return RESOLVE_NO_MAGICLINKS;
    }
    return RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
}

// O_NONBLOCK: opening a FIFO would wait for its other end. O_NOCTTY: a terminal would become ours.
constexpr std::uint64_t kToRead = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
constexpr std::uint64_t kToLookAt = O_PATH | O_CLOEXEC;

int open_without_waiting(int directory, const char* name, Symlinks symlinks,
                         std::uint64_t flags = kToRead) {
    open_how how{};
    how.flags = flags;
    how.resolve = resolve_of(symlinks);
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

std::uint64_t next_id() {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

}  // namespace

FileRoot::FileRoot(OwnedFd directory, std::string path, std::vector<std::string> index,
                   FileRules rules)
    : directory_(std::move(directory)),
      path_(std::move(path)),
      index_(std::move(index)),
      rules_(std::move(rules)),
      id_(next_id()) {}

Result<FileRoot> FileRoot::open(const std::string& directory, std::vector<std::string> index,
                                FileRules rules) {
    OwnedFd opened(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!opened) return system_failure("open the directory " + directory);
    const OwnedFd probe(open_without_waiting(opened.get(), ".", Symlinks::Beneath));
    // EPERM: what seccomp filters that do not know the call answer. A directory that may be
    // searched but not read is EACCES, and fine.
    if (!probe && (errno == ENOSYS || errno == EPERM))
        return system_failure(
            "open files beneath " + directory +
            " with openat2, which needs Linux 5.6 and a container that allows it");
    return FileRoot(std::move(opened), directory, std::move(index), std::move(rules));
}

FoundFile FileRoot::find(std::string_view path) const {
    const bool absolute = path.starts_with('/');
    if (!absolute && !path.empty()) return not_found();  // "*" of OPTIONS
    const std::string_view below = absolute ? path.substr(1) : path;
    // A NUL would cut the name short; another slash would make it absolute.
    if (below.size() >= PATH_MAX || below.starts_with('/') ||
        below.find('\0') != std::string_view::npos)
        return not_found();
    if (!every_segment_is_shown(below)) return not_found();
    if (path.ends_with('/')) return find_index(std::string(below));

    FoundFile found = open_beneath(path.empty() ? "." : std::string(below));
    // Forbidden: perhaps a directory that we may search and not read.
    const bool forbidden = found.kind == FoundFile::Kind::Forbidden;
    if (found.kind != FoundFile::Kind::Directory && !forbidden) return found;
    // A directory without an index file has nothing to show, and what is behind (an application,
    // 404) comes to its turn without a detour over the slash.
    const auto indexed = find_index(std::string(below) + '/');
    const bool shows_something =
        indexed.kind == FoundFile::Kind::File || indexed.kind == FoundFile::Kind::Listing;
    if (shows_something) return not_found(FoundFile::Kind::Directory);
    return not_found(forbidden ? FoundFile::Kind::Forbidden : indexed.kind);
}

bool FileRoot::shows(std::string_view segment) const {
    if (!is_dotfile(segment)) return true;
    // Those two are no names, and where links may lead out of the root, ".." would as well.
    return rules_.files.dotfiles && segment != "." && segment != "..";
}

bool FileRoot::every_segment_is_shown(std::string_view path) const {
    while (!path.empty()) {
        const std::size_t end = path.find('/');
        if (!shows(path.substr(0, end))) return false;
        path.remove_prefix(end == std::string_view::npos ? path.size() : end + 1);
    }
    return true;
}

FoundFile FileRoot::find_index(std::string directory) const {
    if (directory == "/") directory.clear();
    for (const std::string& name : index_) {
        FoundFile found = open_beneath(directory + name);
        if (found.kind != FoundFile::Kind::Nothing && found.kind != FoundFile::Kind::Directory)
            return found;
    }
    if (rules_.files.listing == Listing::Off) return not_found();
    FoundFile found = open_beneath(directory.empty() ? "." : std::move(directory));
    if (found.kind != FoundFile::Kind::Directory) return not_found(found.kind);
    found.kind = FoundFile::Kind::Listing;
    return found;
}

// Until the next reload files are served from the directory as it was opened, also where another
// one has been put in its place: an application that still runs goes with those. Not when nothing
// is left of it.
bool FileRoot::opens_anew() const {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    const bool was_looked_at = std::exchange(looked_, now.tv_sec) == now.tv_sec;
    struct stat held {};
    struct stat there {};
    if (was_looked_at || fstat(directory_.get(), &held) != 0 || stat(path_.c_str(), &there) != 0 ||
        (held.st_dev == there.st_dev && held.st_ino == there.st_ino))
        return false;
    OwnedFd opened;
    if (held.st_nlink == 0)
        opened = OwnedFd(::open(path_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    else if (!std::exchange(told_replaced_, true))
        log_warn(
            "another folder has taken the place of {}; files come from the former one until "
            "the next reload",
            path_);
    if (!opened) return false;
    log_info("{} was removed and is there again: files come from the new one", path_);
    directory_ = std::move(opened);
    return true;
}

FoundFile FileRoot::open_beneath(std::string name) const {
    FoundFile found;
    const auto open = [&] {
        return OwnedFd(open_without_waiting(directory_.get(), name.c_str(), rules_.files.symlinks));
    };
    found.fd = open();
    if (const int error = errno; !found.fd) {
        if (error == ENOENT && opens_anew()) found.fd = open();
        if (!found.fd) return not_found(kind_of_failure(error, name));
    }
    if (fstat(found.fd.get(), &found.facts) != 0) return not_found(kind_of_failure(errno, name));
    const bool is_directory = S_ISDIR(found.facts.st_mode);
    if (!is_directory && !S_ISREG(found.facts.st_mode)) return not_found();
    found.kind = is_directory ? FoundFile::Kind::Directory : FoundFile::Kind::File;
    found.name = std::move(name);
    return found;
}

std::optional<struct stat> FileRoot::facts_of(const std::string& name) const {
    struct stat facts {};
    if (fstatat(directory_.get(), name.c_str(), &facts, 0) != 0) return std::nullopt;
    return facts;
}

std::optional<struct stat> FileRoot::facts_for_clients(const std::string& name) const {
    const OwnedFd fd(
        open_without_waiting(directory_.get(), name.c_str(), rules_.files.symlinks, kToLookAt));
    struct stat facts {};
    if (!fd || fstat(fd.get(), &facts) != 0) return std::nullopt;
    return facts;
}

}  // namespace bundle
