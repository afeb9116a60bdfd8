// A real bundle-backend with a directory of its own, and the master's ends of what connects them.
#pragma once
#include <string>

#include "shared/base/owned_fd.hpp"
#include "shared/config/config.hpp"
#include "shared/wire/control.hpp"
#include "shared/wire/scoreboard.hpp"
#include "tests/support/fake_front.hpp"
#include "tests/support/temp_directory.hpp"

namespace bundle {

class BackendProcess {
  public:
    // `module` is the text of site_app.py, in which `app` is the application; `adjust` may change
    // what the configuration says of it.
    struct Plan {
        std::string module;
        std::uint32_t workers = 1;
        void (*adjust)(AppConfig&, const TempDirectory&) = [](AppConfig&, const TempDirectory&) {};
    };
    explicit BackendProcess(const Plan& plan);
    ~BackendProcess();
    BackendProcess(const BackendProcess&) = delete;
    BackendProcess& operator=(const BackendProcess&) = delete;

    // The next thing the arbiter says.
    // The next thing that it tells, but for its signs of life.
    wire::ControlMessage told();
    void tell(wire::ControlType type);
    // As if the master had died.
    void close_control() { control_ = OwnedFd(); }
    // The exit status, once it has ended; 128 + N after signal N.
    int wait_for_exit();
    // Until the log says that, from its start.
    void await_log(const std::string& text) const;
    [[nodiscard]] std::string log() const;
    // Until the worker of that slot says so in the scoreboard.
    void await_state(std::size_t slot, wire::WorkerState state) const;

    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] const TempDirectory& directory() const { return directory_; }
    [[nodiscard]] wire::WorkerRow& row(std::size_t slot) const { return scoreboard_.rows()[slot]; }
    FakeFront& front() { return front_; }

  private:
    void start(const Config& config);

    TempDirectory directory_;
    FakeFront front_{directory_.path()};
    wire::Scoreboard scoreboard_;
    OwnedFd control_;
    pid_t pid_ = 0;
    OwnedFd process_;
};

}  // namespace bundle
