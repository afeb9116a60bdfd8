// Stands in for bundle-front and bundle-backend: speaks the control protocol, serves nobody.
// FAKE_FRONT and FAKE_BACKEND in the environment tell how it behaves.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "shared/base/exit_status.hpp"
#include "shared/base/process_title.hpp"
#include "shared/wire/control.hpp"
#include "shared/wire/inherited.hpp"

namespace bundle {

namespace {

using wire::ControlType;

std::string open_descriptors() {
    std::string list;
    for (int fd = 0; fd < 64; ++fd) {
        if (fcntl(fd, F_GETFD) != -1) list += fmt::format("{}{}", list.empty() ? "" : ",", fd);
    }
    return list;
}

void say(const std::string& line) {
    const std::string whole = line + "\n";
    if (write(STDERR_FILENO, whole.data(), whole.size()) < 0) std::exit(kExitFailed);
}

void tell(const wire::ControlMessage& message) {
    if (!wire::send_control(wire::kControlFd, message)) std::exit(kExitFailed);
}

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
}

int obey(const std::string& role, bool stubborn) {
    for (;;) {
        const auto order = wire::receive_control(wire::kControlFd);
        if (!order || !*order) return kExitFailed;
        if ((*order)->type == ControlType::Ping) {
            tell({ControlType::Alive, 0, {}, {}});
            continue;
        }
        if ((*order)->type == ControlType::Scale) continue;
        say(fmt::format("{} {}", role,
                        (*order)->type == ControlType::Drain ? "drains" : "hurries"));
        if (!stubborn) return kExitWell;
    }
}

int run(int argc, char** argv) {
    const std::string name = argv[0];
    const std::string role = name == "bundle-front" ? "front" : "backend";
    std::string arguments;
    for (int i = 1; i < argc && role == "backend"; ++i) arguments += fmt::format(" {}", argv[i]);
    set_process_title(name + ": fake, with a title longer than its arguments");

    const std::string backend_is = variable("FAKE_BACKEND");
    const std::string is = role == "front" ? variable("FAKE_FRONT") : backend_is;
    if (is == "cannot load") {
        tell({ControlType::Failed, kExitAppNotLoaded, "main",
              "no module named shop\nimport path: /srv"});
        return kExitAppNotLoaded;
    }
    say(fmt::format("{}{} pid={} descriptors={}", role, arguments, getpid(), open_descriptors()));
    tell({ControlType::Ready, 0, {}, {}});
    const bool has_workers = role == "front" && backend_is != "cannot load";
    if (has_workers) tell({ControlType::WorkersReady, 1, "main", {}, 1});
    return obey(role, is == "stubborn");
}

}  // namespace

}  // namespace bundle

int main(int argc, char** argv) {
    bundle::claim_process_title(argc, argv);
    return bundle::run(argc, argv);
}
