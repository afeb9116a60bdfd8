// A file descriptor with exactly one owner.
#pragma once
#include <unistd.h>

#include <utility>

namespace bundle {

class OwnedFd {
  public:
    OwnedFd() = default;
    explicit OwnedFd(int fd) noexcept : fd_(fd) {}
    OwnedFd(OwnedFd&& other) noexcept : fd_(other.release()) {}
    OwnedFd& operator=(OwnedFd&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    OwnedFd(const OwnedFd&) = delete;
    OwnedFd& operator=(const OwnedFd&) = delete;
    ~OwnedFd() {
        // No retry on EINTR: Linux has freed the number by then, and it may be someone else's now.
        if (fd_ != kNone) ::close(fd_);
    }

    explicit operator bool() const noexcept { return fd_ != kNone; }
    [[nodiscard]] int get() const noexcept { return fd_; }
    [[nodiscard]] int release() noexcept { return std::exchange(fd_, kNone); }

  private:
    static constexpr int kNone = -1;
    int fd_ = kNone;
};

}  // namespace bundle
