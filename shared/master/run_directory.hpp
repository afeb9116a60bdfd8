// server.run_directory: the lock that keeps a second master out, and the socket on which workers
// meet the front.
#pragma once
#include <string>

#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"
#include "shared/master/unix_listener.hpp"

namespace bundle {

// Where the workers of one front connect.
struct WorkerSocket {
    std::string name;  // below the run directory
    UnixListener listener;
};

class RunDirectory {
  public:
    // Made when it is missing (0711: workers of other users pass through it, and cannot list it).
    // Held by another master: an error that names its pid.
    static Result<RunDirectory> claim(const std::string& path);

    // How it goes on in another program of this process; `lock` stays open.
    struct Kept {
        std::string path;
        int lock = -1;
        bool made_by_us = false;
    };
    [[nodiscard]] Kept kept() const { return {path_, lock_.get(), made_ == Made::ByUs}; }
    static RunDirectory resumed(const Kept& kept) {
        return {kept.path, OwnedFd(kept.lock), kept.made_by_us ? Made::ByUs : Made::Before};
    }

    RunDirectory(RunDirectory&& other) noexcept = default;
    RunDirectory& operator=(RunDirectory&& other) noexcept = default;
    RunDirectory(const RunDirectory&) = delete;
    RunDirectory& operator=(const RunDirectory&) = delete;
    ~RunDirectory();  // leaves nothing that it made

    // Makes the folder and its lock anew where somebody has removed them.
    Result<void> restore();

    // Where workers connect. Everybody may when they run as other users than the front; it looks at
    // who they are.
    enum class WorkersAre { OurUser, AnyUser };
    Result<WorkerSocket> listen_for_workers(const std::string& name, WorkersAre workers) const;
    // Of a listener that is there.
    Result<void> admit(const WorkerSocket& socket, WorkersAre workers) const;

  private:
    enum class Made { ByUs, Before };
    RunDirectory(std::string path, OwnedFd lock, Made made)
        : path_(std::move(path)), lock_(std::move(lock)), made_(made) {}

    std::string path_;
    OwnedFd lock_;
    Made made_;
};

// server.pid_file: our pid for as long as we run.
class PidFile {
  public:
    PidFile() = default;
    static Result<PidFile> write(const std::string& path);
    static PidFile resumed(std::string path) { return PidFile(std::move(path)); }
    [[nodiscard]] const std::string& path() const { return path_; }
    PidFile(PidFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    PidFile& operator=(PidFile&& other) noexcept {
        std::swap(path_, other.path_);
        return *this;
    }
    PidFile(const PidFile&) = delete;
    PidFile& operator=(const PidFile&) = delete;
    ~PidFile();

  private:
    explicit PidFile(std::string path) : path_(std::move(path)) {}
    std::string path_;  // empty: none
};

}  // namespace bundle
