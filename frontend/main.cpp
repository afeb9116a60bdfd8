// bundle-front: started by the master, with the descriptors that shared/wire/inherited.hpp names.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <string>

#include "frontend/front.hpp"
#include "frontend/prepared.hpp"
#include "frontend/snapshot.hpp"
#include "shared/base/log.hpp"
#include "shared/base/process_title.hpp"
#include "shared/base/version.hpp"
#include "shared/config/loader.hpp"
#include "shared/wire/inherited.hpp"

namespace bundle {

namespace {

OwnedFd inherited(int fd) {
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    return OwnedFd(fd);
}

Result<void> serve(std::string_view number, Front::Begin begin) {
    std::uint32_t generation = 0;
    std::from_chars(number.begin(), number.end(), generation);
    if (fcntl(wire::kConfigFd, F_GETFD) < 0 || generation == 0) {
        return failure("bundle-front is started by `bundle serve`, not by hand");
    }
    TRY_ASSIGN(Config config, read_config(inherited(wire::kConfigFd)));
    log_as_front(config);
    set_process_title(fmt::format("bundle-front: {}", config.server.name));

    TRY_ASSIGN(const Credentials credentials, read_sealed(inherited(wire::kCredentialsFd)));

    FrontSockets sockets = {.control = inherited(wire::kControlFd),
                            .workers = inherited(wire::kWorkerListenerFd),
                            .access_log = inherited(wire::kAccessLogFd),
                            .listeners = {},
                            .scoreboards = {}};
    int next = wire::kFirstListenerFd;
    for (std::size_t i = 0; i < config.all_listeners().size(); ++i)
        sockets.listeners.push_back(inherited(next++));
    for (std::size_t i = 0; i < config.apps.size(); ++i) {
        TRY_ASSIGN(auto scoreboard, wire::ScoreboardView::open(inherited(next++)));
        sockets.scoreboards.push_back(std::move(scoreboard));
    }
    TRY_ASSIGN(auto snapshot, make_snapshot(std::move(config), generation));
    TRY_ASSIGN(const auto front,
               Front::create(std::move(sockets), std::move(snapshot), credentials, begin));
    return front->run();
}

// Who upgrades wants to hear it.
void tell_why(const std::string& failure) {
    [[maybe_unused]] const auto told = wire::send_control(
        wire::kControlFd, {.type = wire::ControlType::Failed, .app = {}, .text = failure});
}

}  // namespace

}  // namespace bundle

int main(int argc, char** argv) {
    bundle::claim_process_title(argc, argv);
    bundle::set_log_target({"front"});
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);  // a limit of file sizes is an error of the write
    signal(SIGINT, SIG_IGN);   // Ctrl-C at a terminal is the master's business
    using bundle::Front;
    if (argc == 2 && argv[1] == std::string_view("--version")) {
        fmt::print("bundle-front {}\n", bundle::kBundleVersion);
        return 0;
    }
    const bool awaits = argc == 3 && argv[2] == std::string_view(bundle::wire::kAwaitCommit);
    const auto served = bundle::serve(argc > 1 ? argv[1] : "",
                                      awaits ? Front::Begin::AtCommit : Front::Begin::AtOnce);
    if (served) return 0;
    if (awaits) bundle::tell_why(served.error().message);
    bundle::log_error("{}", served.error().message);
    return 1;
}
