#include "shared/master/program_output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <sstream>

#include "shared/master/launch.hpp"

namespace bundle {

namespace {

constexpr std::size_t kMost = 1 << 20;

// What it says until its end, or until patience ends.
std::string output_of(const OwnedFd& from, pid_t pid, std::chrono::seconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    std::string output;
    std::array<char, 4096> piece{};
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        pollfd source{from.get(), POLLIN, 0};
        if (left.count() <= 0 || poll(&source, 1, static_cast<int>(left.count())) == 0) {
            kill(-pid, SIGKILL);
            return fmt::format("nothing came of it within {} s", patience.count());
        }
        const ssize_t got = read(from.get(), piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return output;
        output.append(piece.data(), static_cast<std::size_t>(got));
        if (output.size() > kMost) {
            kill(-pid, SIGKILL);
            return "it said too much";
        }
    }
}

}  // namespace

Result<ProgramOutput> output_of_program(const std::string& program,
                                        const std::vector<std::string>& arguments,
                                        std::chrono::seconds patience) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return system_failure("make a pipe");
    const OwnedFd from(ends[0]);
    OwnedFd to(ends[1]);
    const OwnedFd file(open(program.c_str(), O_RDONLY | O_CLOEXEC));
    const OwnedFd nothing(open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!file) return system_failure("open " + program);
    TRY_ASSIGN(const Identity ourselves, find_identity("", ""));
    TRY_ASSIGN(const pid_t pid, launch({
                                    .program = file.get(),
                                    .arguments = arguments,
                                    .identity = ourselves,
                                    .descriptors = {nothing.get(), to.get(), to.get()}
    }));
    to = OwnedFd();
    ProgramOutput ended{output_of(from, pid, patience), false};
    int status = 0;
    waitpid(pid, &status, 0);
    ended.well = status == 0;
    return ended;
}

std::string last_line(const std::string& text) {
    std::string last;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        if (!line.empty()) last = line;
    return last.empty() ? "it ended without a word" : last;
}

}  // namespace bundle
