#include "shared/master/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <csignal>

#include "shared/base/log.hpp"
#include "shared/master/launch.hpp"

namespace bundle {

Result<void> Child::start(const Outfit& outfit) {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return system_failure("create a control socket");
    }
    OwnedFd ours(ends[0]);
    const OwnedFd theirs(ends[1]);
    // Ours only: a child that is stuck must not hold up the master.
    if (fcntl(ours.get(), F_SETFL, O_NONBLOCK) != 0)
        return system_failure("set up a control socket");
    TRY_ASSIGN(const OwnedFd config, sealed_text(outfit.config_text));

    Launch how{spec_.program.get(), spec_.arguments, spec_.identity, outfit.standard};
    how.descriptors.insert(how.descriptors.end(), {theirs.get(), config.get()});
    how.descriptors.insert(how.descriptors.end(), outfit.more.begin(), outfit.more.end());
    how.arguments.insert(how.arguments.end(), outfit.arguments.begin(), outfit.arguments.end());
    how.group = outfit.group;
    TRY_ASSIGN(pid_, launch(how));
    control_ = std::move(ours);
    return {};
}

void Child::gone() {
    pid_ = -1;
    up_ = asked_ = false;
    silence_ = {};
    killed_for_ = {};
    control_ = OwnedFd();
}

bool Child::tell(const wire::ControlMessage& message, std::span<const int> descriptors) {
    if (!control_) return false;
    // Either it has ended already, which waitpid will tell, or it is stuck, and then the next step
    // is harder.
    const auto sent = wire::send_control(control_.get(), message, descriptors);
    if (!sent) log_debug("{}: {}", name(), sent.error().message);
    return sent.has_value();
}

void Child::kill(std::string_view why) {
    killed_for_ = why;
    if (pid_ > 0) ::kill(pid_, SIGKILL);
}

std::chrono::milliseconds Child::ask(std::chrono::milliseconds since_last) {
    if (std::exchange(asked_, true)) silence_ += since_last;
    tell({.type = wire::ControlType::Ping, .app = {}, .text = {}});
    return silence_;
}

std::optional<wire::ControlMessage> Child::hear() {
    asked_ = false;
    silence_ = {};
    auto message = wire::receive_control(control_.get());
    if (message && *message) {
        up_ = up_ || (*message)->type == wire::ControlType::Ready;
        return std::move(**message);
    }
    if (!message) log_warn("{}: {}", name(), message.error().message);
    control_ = OwnedFd();
    return std::nullopt;
}

std::vector<wire::ControlMessage> Child::last_words() {
    std::vector<wire::ControlMessage> words;
    while (control_) {
        pollfd waiting{control_.get(), POLLIN, 0};
        if (poll(&waiting, 1, 0) <= 0) break;
        if (auto message = hear()) words.push_back(std::move(*message));
    }
    return words;
}

}  // namespace bundle
