#include "shared/master/run_directory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "shared/master/socket_owner.hpp"

namespace bundle {

namespace {

constexpr mode_t kDirectoryMode = 0711;
constexpr const char* kLockName = "/master.lock";

// Workers that come while the front is started again wait there; every app's workers at once.
constexpr int kWorkerBacklog = 1024;

std::string first_word_of(const std::string& path) {
    std::ifstream file(path);
    std::string word;
    file >> word;
    return word;
}

// A folder that another user can write to could swap the socket under our workers.
Result<void> check_directory(const std::string& path) {
    struct stat folder {};
    if (lstat(path.c_str(), &folder) != 0) {
        return system_failure("look at server.run_directory " + path);
    }
    if (!S_ISDIR(folder.st_mode)) {
        return failure(fmt::format("server.run_directory {} is not a folder", path));
    }
    if (folder.st_uid != geteuid() && geteuid() != 0) {
        return failure(fmt::format(
            "server.run_directory {} belongs to another user; choose another one", path));
    }
    // Everyone's folder (/tmp) stays as it is. One for a group is what a umask of 002 makes.
    if ((folder.st_mode & S_IWOTH) != 0) {
        return failure(fmt::format(
            "server.run_directory {} can be written by everyone; name a folder for bundle alone",
            path));
    }
    if ((folder.st_mode & S_IWGRP) != 0 && chmod(path.c_str(), folder.st_mode & 0755U) != 0) {
        return system_failure("take server.run_directory from its group: " + path);
    }
    return {};
}

bool same_file(int fd, const std::string& path) {
    struct stat open_one {
    }, named{};
    return fstat(fd, &open_one) == 0 && stat(path.c_str(), &named) == 0 &&
           open_one.st_ino == named.st_ino && open_one.st_dev == named.st_dev;
}

Result<OwnedFd> lock(const std::string& folder) {
    const std::string path = folder + kLockName;
    for (;;) {
        OwnedFd file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
        if (!file) return system_failure("open " + path);
        if (flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
            if (errno != EWOULDBLOCK) return system_failure("lock " + path);
            return failure(
                fmt::format("server.run_directory {} is in use by a bundle with pid {}; stop it, "
                            "or give this one a server.run_directory "
                            "of its own",
                            folder, first_word_of(path)));
        }
        if (!same_file(file.get(), path)) continue;  // its last holder has just removed it
        const std::string pid = fmt::format("{}\n", getpid());
        if (ftruncate(file.get(), 0) != 0 || write(file.get(), pid.data(), pid.size()) < 0) {
            return system_failure("write " + path);
        }
        return file;
    }
}

mode_t mode_for(RunDirectory::WorkersAre workers) {
    return workers == RunDirectory::WorkersAre::OurUser ? 0600U : 0666U;
}

}  // namespace

Result<RunDirectory> RunDirectory::claim(const std::string& path) {
    Made made = Made::Before;
    if (mkdir(path.c_str(), kDirectoryMode) == 0) {
        made = Made::ByUs;
        if (chmod(path.c_str(), kDirectoryMode) != 0)
            return system_failure("chmod " + path);  // umask
    } else if (errno == ENOENT) {
        return failure(fmt::format("server.run_directory {}: there is no folder {}", path,
                                   std::filesystem::path(path).parent_path().string()));
    } else if (errno != EEXIST) {
        return system_failure("create server.run_directory " + path);
    }
    TRY(check_directory(path));
    TRY_ASSIGN(OwnedFd held, lock(path));
    return RunDirectory(path, std::move(held), made);
}

RunDirectory::~RunDirectory() {
    if (!lock_) return;
    unlink((path_ + kLockName).c_str());
    if (made_ == Made::ByUs) rmdir(path_.c_str());  // unless somebody put something into it
}

Result<void> RunDirectory::restore() {
    if (same_file(lock_.get(), path_ + kLockName)) return {};
    TRY_ASSIGN(RunDirectory again, claim(path_));
    lock_ = OwnedFd(again.lock_.release());
    if (again.made_ == Made::ByUs) made_ = Made::ByUs;
    return {};
}

Result<WorkerSocket> RunDirectory::listen_for_workers(const std::string& name,
                                                      WorkersAre workers) const {
    const SocketAccess access{.mode = mode_for(workers)};
    auto listener = listen_unix(fmt::format("{}/{}", path_, name), access, kWorkerBacklog);
    if (!listener) return failure("server.run_directory: " + listener.error().message);
    return WorkerSocket{name, std::move(*listener)};
}

Result<void> RunDirectory::admit(const WorkerSocket& socket, WorkersAre workers) const {
    const std::string path = fmt::format("{}/{}", path_, socket.name);
    if (chmod(path.c_str(), mode_for(workers)) != 0) return system_failure("chmod " + path);
    return {};
}

Result<PidFile> PidFile::write(const std::string& path) {
    const OwnedFd file(
        open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (!file) return system_failure("write server.pid_file " + path);
    const std::string pid = fmt::format("{}\n", getpid());
    if (::write(file.get(), pid.data(), pid.size()) < 0)
        return system_failure("write server.pid_file " + path);
    return PidFile(path);
}

PidFile::~PidFile() {
    if (!path_.empty() && first_word_of(path_) == std::to_string(getpid())) unlink(path_.c_str());
}

}  // namespace bundle
