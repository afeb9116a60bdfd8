#include "shared/base/log_stream.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <climits>

namespace bundle {

LogStream::LogStream(int fd) : fd_(fd), kind_(Kind::Other) {
    struct stat facts {};
    if (fstat(fd, &facts) != 0)
        kind_ = Kind::Null;
    else if (S_ISCHR(facts.st_mode) && facts.st_rdev == makedev(1, 3))
        kind_ = Kind::Null;
    else if (S_ISSOCK(facts.st_mode))
        kind_ = Kind::Socket;
    else if (S_ISREG(facts.st_mode))
        kind_ = Kind::RegularFile;
}

ssize_t LogStream::write_some(std::string_view bytes, std::chrono::milliseconds patience) const {
    if (kind_ == Kind::Null) return static_cast<ssize_t>(bytes.size());
    // A pipe that polls writable takes PIPE_BUF bytes without waiting, even a blocking one.
    pollfd ready{.fd = fd_, .events = POLLOUT, .revents = 0};
    if (kind_ != Kind::RegularFile && poll(&ready, 1, static_cast<int>(patience.count())) <= 0)
        return 0;
    if (kind_ == Kind::Other) bytes = bytes.substr(0, PIPE_BUF);
    ssize_t taken = 0;
    do {
        taken = kind_ == Kind::Socket
                    ? send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL)
                    : write(fd_, bytes.data(), bytes.size());
    } while (taken < 0 && errno == EINTR);
    return taken < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? 0 : taken;
}

}  // namespace bundle
