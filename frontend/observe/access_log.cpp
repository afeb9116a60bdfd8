#include "frontend/observe/access_log.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace bundle {

namespace {

// A turn of the loop that serves more than this writes more than once.
constexpr std::size_t kGatheredAtMost = 64 << 10;

}  // namespace

AccessLog::AccessLog(OwnedFd file) { open(std::move(file)); }

void AccessLog::open(OwnedFd file) {
    file_ = std::move(file);
    kind_ = Kind::RegularFile;
    struct stat facts {};
    if (!file_ || fstat(file_.get(), &facts) != 0) return;
    // /dev/null stands for no log: the lines need not be made.
    if (S_ISCHR(facts.st_mode) && facts.st_rdev == makedev(1, 3)) file_ = OwnedFd();
    if (S_ISSOCK(facts.st_mode))
        kind_ = Kind::Socket;
    else if (!S_ISREG(facts.st_mode))
        kind_ = Kind::Other;
}

void AccessLog::continue_in(OwnedFd file) {
    flush();
    open(std::move(file));
}

void AccessLog::append(const AccessLine& line, const AccessRecord& record,
                       std::chrono::system_clock::time_point now) {
    if (!file_) return;
    clock_.set(now);
    line.append_to(pending_, record, clock_);
    if (pending_.size() >= kGatheredAtMost) flush();
}

void AccessLog::flush() {
    std::size_t written = 0;
    while (written < pending_.size()) {
        const std::size_t taken = write_some(std::string_view(pending_).substr(written));
        if (taken == 0) break;
        written += taken;
    }
    if (written < pending_.size()) return drop_unwritten(written);
    pending_.clear();
    line_begun_ = false;
}

std::size_t AccessLog::write_some(std::string_view bytes) {
    ssize_t taken = 0;
    do {
        if (kind_ == Kind::Socket) {
            taken = send(file_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        } else if (kind_ == Kind::Other) {
            // A pipe that polls writable takes PIPE_BUF bytes without waiting, even a blocking one.
            pollfd ready{.fd = file_.get(), .events = POLLOUT, .revents = 0};
            if (poll(&ready, 1, 0) == 0) return 0;
            bytes = bytes.substr(0, PIPE_BUF);
            taken = write(file_.get(), bytes.data(), bytes.size());
        } else {
            taken = write(file_.get(), bytes.data(), bytes.size());
        }
    } while (taken < 0 && errno == EINTR);
    return taken < 0 ? 0 : static_cast<std::size_t>(taken);
}

void AccessLog::drop_unwritten(std::size_t written) {
    const bool between_lines = written == 0 ? !line_begun_ : pending_[written - 1] == '\n';
    const std::size_t rest = between_lines ? written : pending_.find('\n', written) + 1;
    lost_ += static_cast<std::uint64_t>(
        std::count(pending_.begin() + static_cast<std::ptrdiff_t>(rest), pending_.end(), '\n'));
    pending_.erase(rest);
    pending_.erase(0, written);
    line_begun_ = !pending_.empty();
}

}  // namespace bundle
