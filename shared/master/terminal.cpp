#include "shared/master/terminal.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace bundle {

Terminal Terminal::of_standard_input() {
    Terminal terminal;
    termios state{};
    if (tcgetattr(STDIN_FILENO, &state) != 0 || tcgetpgrp(STDIN_FILENO) != getpgrp())
        return terminal;
    terminal.state_ = state;
    terminal.fd_ = OwnedFd(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    return terminal;
}

bool Terminal::is_gone() const { return fd_ && isatty(fd_.get()) == 0; }

// A job in the background would be stopped for that.
void Terminal::restore() const {
    if (fd_ && tcgetpgrp(fd_.get()) == getpgrp()) tcsetattr(fd_.get(), TCSANOW, &state_);
}

}  // namespace bundle
