// A child of the master, through all its lives: one process at a time, and the socket on which it
// speaks.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"
#include "shared/master/identity.hpp"
#include "shared/master/launch.hpp"
#include "shared/wire/control.hpp"

namespace bundle {

struct ChildSpec {
    std::string name;  // for the log: "front", "app shop"
    OwnedFd program;
    std::vector<std::string> arguments;
    Identity identity;
};

// What a process is given; all of it is owned elsewhere.
struct Outfit {
    std::vector<std::string> arguments;  // behind those of its ChildSpec
    const std::string& config_text;
    std::vector<int> standard;  // 0, 1 and 2
    std::vector<int> more;      // what follows the control socket and the configuration
    ProcessGroup group = ProcessGroup::Own;
};

class Child {
  public:
    explicit Child(ChildSpec spec) : spec_(std::move(spec)) {}
    // One that the program before us has started.
    struct Process {
        pid_t pid = -1;
        int control = -1;
        bool up = false;
    };
    Child(ChildSpec spec, const Process& process)
        : spec_(std::move(spec)), control_(process.control), pid_(process.pid), up_(process.up) {}

    Result<void> start(const Outfit& outfit);
    // Its process has been reaped.
    void gone();

    // False: it does not hear it.
    bool tell(const wire::ControlMessage& message, std::span<const int> descriptors = {});
    // `why` has no end.
    void kill(std::string_view why);
    [[nodiscard]] std::string_view killed_for() const { return killed_for_; }  // "": it was not
    // Asks whether it is stuck. Returns how long it owes an answer; `since_last` is how long we
    // listened for it.
    std::chrono::milliseconds ask(std::chrono::milliseconds since_last);
    // What it says, when the socket is readable; nothing when it has nothing to say, ever again.
    std::optional<wire::ControlMessage> hear();
    // What it said before it ended, which the end may overtake.
    std::vector<wire::ControlMessage> last_words();

    // Whether it has said that it is Ready. Until then an arbiter takes any word for an order to
    // leave.
    [[nodiscard]] bool is_up() const { return up_; }

    [[nodiscard]] const ChildSpec& spec() const { return spec_; }
    [[nodiscard]] const std::string& name() const { return spec_.name; }
    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] int control() const { return control_.get(); }  // -1: closed

  private:
    ChildSpec spec_;
    OwnedFd control_;
    pid_t pid_ = -1;
    bool up_ = false;
    bool asked_ = false;
    std::chrono::milliseconds silence_{};
    std::string_view killed_for_;
};

}  // namespace bundle
