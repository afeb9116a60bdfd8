#include "shared/master/upgrade/upgrade_check.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <utility>

#include "shared/base/exit_status.hpp"
#include "shared/base/signal_name.hpp"
#include "shared/master/launch.hpp"

namespace bundle {

namespace {

constexpr int kStateFd = 3;
constexpr std::size_t kMostSaid = 64U << 10;

Result<OwnedFd> dev_null() {
    OwnedFd null(open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!null) return system_failure("open /dev/null");
    return null;
}

}  // namespace

Result<UpgradeCheck> UpgradeCheck::begin(OwnedFd program, const CommandLine& words,
                                         const std::string& state) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return system_failure("create a pipe");
    OwnedFd output(ends[0]);
    const OwnedFd theirs(ends[1]);
    if (fcntl(output.get(), F_SETFL, O_NONBLOCK) != 0) return system_failure("set up a pipe");
    TRY_ASSIGN(const OwnedFd null, dev_null());
    TRY_ASSIGN(const OwnedFd sealed, sealed_text(state));
    const Identity ours;
    TRY_ASSIGN(const pid_t pid, launch({
                                    program.get(),
                                    with_state(words, kCheckOption, kStateFd),
                                    ours,
                                    {null.get(), theirs.get(), theirs.get(), sealed.get()}
    }));
    return UpgradeCheck(std::move(program), std::move(output), pid);
}

UpgradeCheck::UpgradeCheck(OwnedFd program, OwnedFd output, pid_t pid)
    : program_(std::move(program)),
      output_(std::move(output)),
      pid_(pid),
      deadline_(Moment::clock::now() + kTimeout) {}

UpgradeCheck::UpgradeCheck(UpgradeCheck&& other) noexcept
    : program_(std::move(other.program_)),
      output_(std::move(other.output_)),
      pid_(std::exchange(other.pid_, -1)),
      deadline_(other.deadline_),
      said_(std::move(other.said_)),
      wait_status_(other.wait_status_) {}

// Whoever reaps orphans finds it then.
UpgradeCheck::~UpgradeCheck() {
    if (pid_ > 0 && !wait_status_) kill(pid_, SIGKILL);
}

void UpgradeCheck::hear() {
    std::array<char, 4096> piece{};
    while (output_) {
        const ssize_t got = read(output_.get(), piece.data(), piece.size());
        if (got < 0) return;
        if (got == 0) output_ = OwnedFd();
        if (said_.size() < kMostSaid) said_.append(piece.data(), static_cast<std::size_t>(got));
    }
}

bool UpgradeCheck::bury(pid_t pid, int wait_status) {
    if (pid != pid_) return false;
    wait_status_ = wait_status;
    hear();  // all that it had to say is there
    return true;
}

std::optional<Result<std::string>> UpgradeCheck::outcome(Moment now) {
    const auto refused = [&](const std::string& why) {
        return Result<std::string>(failure(why + (said_.empty() ? "" : ":\n" + said_)));
    };
    if (!wait_status_) {
        if (now < deadline_) return std::nullopt;
        return refused(fmt::format(
            "the new bundle has not said within {} s whether it can take over", kTimeout.count()));
    }
    if (WIFSIGNALED(*wait_status_))
        return refused(
            fmt::format("the new bundle died of {} when it was asked whether it can "
                        "take over",
                        signal_name(WTERMSIG(*wait_status_))));
    if (WEXITSTATUS(*wait_status_) != 0) return refused("the new bundle cannot take over");
    // What does not know the question (`true`, an older bundle) must not be taken for a yes.
    constexpr std::string_view kYes = "can take over: ";
    const std::size_t yes = said_.rfind(kYes);
    if (yes == std::string::npos)
        return refused("the new bundle does not say whether it can take over");
    const std::size_t begin = yes + kYes.size();
    return Result<std::string>(said_.substr(begin, said_.find('\n', begin) - begin));
}

// A mistake of the file's is one here, too.
int UpgradeCheck::exit_status() const {
    const bool is_usage =
        wait_status_ && WIFEXITED(*wait_status_) && WEXITSTATUS(*wait_status_) == kExitUsage;
    return is_usage ? kExitUsage : kExitFailed;
}

}  // namespace bundle
