// The terminal that somebody sits at: with dev.reload the workers read from it, for a debugger.
#pragma once
#include <termios.h>

#include "shared/base/owned_fd.hpp"

namespace bundle {

class Terminal {
  public:
    Terminal() = default;
    // That of standard input; none when that is something else, or belongs to another job.
    static Terminal of_standard_input();
    Terminal(Terminal&&) = default;
    Terminal& operator=(Terminal&&) = default;
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;
    ~Terminal() { restore(); }

    explicit operator bool() const { return static_cast<bool>(fd_); }
    [[nodiscard]] int fd() const { return fd_.get(); }
    // Its window was closed.
    [[nodiscard]] bool is_gone() const;
    // As it was: who is killed at a prompt leaves it without echo.
    void restore() const;

  private:
    OwnedFd fd_;
    termios state_{};
};

}  // namespace bundle
