// Before the master makes way for another program, that one says, in a process of its own, whether
// it could take over: an exec cannot be undone.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>

#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"
#include "shared/master/upgrade/command_line.hpp"

namespace bundle {

class UpgradeCheck {
  public:
    using Moment = std::chrono::steady_clock::time_point;

    static constexpr std::chrono::seconds kTimeout{20};

    // `program` is opened, and is the one that will take over, whatever stands at its path then.
    static Result<UpgradeCheck> begin(OwnedFd program, const CommandLine& words,
                                      const std::string& state);
    UpgradeCheck(UpgradeCheck&& other) noexcept;
    UpgradeCheck& operator=(UpgradeCheck&&) = delete;
    UpgradeCheck(const UpgradeCheck&) = delete;
    UpgradeCheck& operator=(const UpgradeCheck&) = delete;
    ~UpgradeCheck();

    [[nodiscard]] int fd() const { return output_.get(); }  // readable: hear()
    void hear();
    [[nodiscard]] Moment deadline() const { return deadline_; }
    // Its process has been reaped, if it is that one.
    bool bury(pid_t pid, int wait_status);

    // Nothing while it goes on. Then the release that would take over, or why it cannot.
    [[nodiscard]] std::optional<Result<std::string>> outcome(Moment now);
    // When it has refused: the status with which the command ends.
    [[nodiscard]] int exit_status() const;
    [[nodiscard]] const OwnedFd& program() const { return program_; }

  private:
    UpgradeCheck(OwnedFd program, OwnedFd output, pid_t pid);

    OwnedFd program_;
    OwnedFd output_;
    pid_t pid_;
    Moment deadline_;
    std::string said_;
    std::optional<int> wait_status_;
};

}  // namespace bundle
