#include "shared/master/unix_listener.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "shared/master/socket_owner.hpp"

namespace bundle {

namespace {

OwnedFd unix_socket(UnixSocketKind kind) {
    const int type = kind == UnixSocketKind::Stream ? SOCK_STREAM : SOCK_SEQPACKET;
    return OwnedFd(::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

Result<sockaddr_un> address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        return failure(
            fmt::format("the path of the unix socket {} has {} bytes, and the kernel takes at most "
                        "{}; choose a shorter folder",
                        path, path.size(), sizeof address.sun_path - 1));
    }
    path.copy(static_cast<char*>(address.sun_path), path.size());
    return address;
}

const sockaddr* generic(const sockaddr_un& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

pid_t peer_of(const OwnedFd& socket) {
    ucred peer{};
    socklen_t size = sizeof peer;
    getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size);
    return peer.pid;
}

// Makes room for a new socket file: nothing there, or one that nobody serves any more.
Result<void> remove_stale(const std::string& path, const sockaddr_un& address,
                          UnixSocketKind kind) {
    struct stat file {};
    if (lstat(path.c_str(), &file) != 0) return {};  // bind tells what else is wrong with the path
    if (!S_ISSOCK(file.st_mode)) {
        return failure(fmt::format("{} exists and is not a socket; move it away", path));
    }
    const OwnedFd probe = unix_socket(kind);
    if (!probe) return system_failure("create a unix socket");
    // EAGAIN: its backlog is full, so there is somebody. EPROTOTYPE: somebody of the other kind.
    const bool served = connect(probe.get(), generic(address), sizeof address) == 0;
    if (served) {
        return failure(
            fmt::format("{} is already served by {}", path, describe_process(peer_of(probe))));
    }
    if (errno == EAGAIN || errno == EPROTOTYPE)
        return failure(fmt::format("{} is already served by a busy process", path));
    if (errno == EACCES || errno == EPERM) return system_failure("replace the socket " + path);
    if (unlink(path.c_str()) != 0) return system_failure("remove the stale socket " + path);
    return {};
}

}  // namespace

SocketFile::SocketFile(std::string path) : path_(std::move(path)) {
    struct stat file {};
    if (lstat(path_.c_str(), &file) != 0) return;
    device_ = file.st_dev;
    inode_ = file.st_ino;
}

SocketFile::SocketFile(SocketFile&& other) noexcept
    : path_(std::exchange(other.path_, {})), device_(other.device_), inode_(other.inode_) {}

SocketFile& SocketFile::operator=(SocketFile&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(device_, other.device_);
    std::swap(inode_, other.inode_);
    return *this;
}

bool SocketFile::is_there() const {
    struct stat file {};
    return lstat(path_.c_str(), &file) == 0 && file.st_dev == device_ && file.st_ino == inode_;
}

SocketFile::~SocketFile() {
    if (!path_.empty() && is_there()) unlink(path_.c_str());
}

Result<UnixListener> listen_unix(const std::string& path, const SocketAccess& access, int backlog,
                                 UnixSocketKind kind) {
    TRY_ASSIGN(const sockaddr_un address, address_of(path));
    TRY(remove_stale(path, address, kind));

    UnixListener listener;
    listener.fd = unix_socket(kind);
    if (!listener.fd) return system_failure("create a unix socket");
    if (bind(listener.fd.get(), generic(address), sizeof address) != 0) {
        return system_failure("create the unix socket " + path);
    }
    listener.file = SocketFile(path);
    // Nobody can connect before listen(), so there is no moment with the wrong rights.
    if (lchown(path.c_str(), access.uid, access.gid) != 0)
        return system_failure("change the owner of " + path);
    if (chmod(path.c_str(), access.mode) != 0) return system_failure("change the mode of " + path);
    if (listen(listener.fd.get(), backlog) != 0) return system_failure("listen on " + path);
    return listener;
}

}  // namespace bundle
