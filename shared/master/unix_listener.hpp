// Listening on a unix socket, and the file in which it shows.
#pragma once
#include <sys/types.h>

#include <string>

#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"

namespace bundle {

// A socket file that we made; removed at the end unless somebody has put another one in its place.
// It ends before the socket does: as long as that is open, no other file can get its inode number.
class SocketFile {
  public:
    SocketFile() = default;
    explicit SocketFile(std::string path);  // exists, is ours
    SocketFile(SocketFile&& other) noexcept;
    SocketFile& operator=(SocketFile&& other) noexcept;
    SocketFile(const SocketFile&) = delete;
    SocketFile& operator=(const SocketFile&) = delete;
    ~SocketFile();

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] bool is_there() const;  // nobody has removed or replaced it

  private:
    std::string path_;  // empty: none
    dev_t device_ = 0;
    ino_t inode_ = 0;
};

struct UnixListener {
    OwnedFd fd;       // non-blocking
    SocketFile file;  // after fd, so that it ends before
};

// Whether it carries bytes (workers, clients) or datagrams of a connection (commands).
enum class UnixSocketKind { Stream, Packets };

struct SocketAccess {
    mode_t mode = 0600;
    uid_t uid = static_cast<uid_t>(-1);  // -1: unchanged
    gid_t gid = static_cast<gid_t>(-1);
};

// A file left by a process that has ended is replaced. One that is served is an error that says by
// whom.
Result<UnixListener> listen_unix(const std::string& path, const SocketAccess& access, int backlog,
                                 UnixSocketKind kind = UnixSocketKind::Stream);

}  // namespace bundle
