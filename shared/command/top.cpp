// `bundle top`: the status, again every second, in a terminal.
#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <memory>

#include "shared/command/running_bundle.hpp"
#include "shared/command/screen_text.hpp"
#include "shared/command/verbs.hpp"

namespace bundle {

namespace {

constexpr int kAgainMs = 1'000;

struct TopArguments {
    RunningArguments running;
    bool once = false;
};

// All that the handler of a signal can reach.
std::atomic<bool> told_to_end = false;

void end(int /*signal*/) { told_to_end = true; }

// Keys come at once and are not shown, and what was on the screen before comes back, however we
// end.
class Screen {
  public:
    Screen() {
        tcgetattr(STDIN_FILENO, &before_);
        termios raw = before_;
        raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
        tcsetattr(STDIN_FILENO, TCSANOW, &raw);
        struct sigaction ends {};
        ends.sa_handler = end;
        for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &ends, nullptr);
        say("\x1b[?1049h\x1b[?25l");  // the other screen, no cursor
    }
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;
    ~Screen() {
        say("\x1b[?25h\x1b[?1049l");
        tcsetattr(STDIN_FILENO, TCSANOW, &before_);
    }

    void show(std::string_view text) const {
        winsize size{};
        ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
        say(screen_of(text, size.ws_row, size.ws_col));
    }

  private:
    static void say(std::string_view text) {
        fmt::print("{}", text);
        std::fflush(stdout);
    }

    termios before_{};
};

// What a key asks for, for at most a second.
bool is_to_go_on() {
    pollfd keys{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    if (poll(&keys, 1, kAgainMs) <= 0) return !told_to_end;
    char key = 0;
    return read(STDIN_FILENO, &key, 1) == 1 && key != 'q' && key != 'Q';
}

int run(const TopArguments& arguments) {
    const wire::CommandRequest request = status_request(wire::StatusForm::Screen);
    const bool is_terminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
    if (arguments.once || !is_terminal) return command_running_bundle(arguments.running, request);
    auto told = ask_running_bundle(arguments.running, request);
    if (!told) {
        fmt::print(stderr, "bundle: {}\n", told.error().message);
        return kExitFailed;
    }
    const Screen screen;
    for (;;) {
        // It may come back: it is being restarted, or its front is.
        screen.show(told ? *told : told.error().message);
        if (!is_to_go_on()) return kExitWell;
        told = ask_running_bundle(arguments.running, request);
    }
}

}  // namespace

void add_top(CLI::App& app, Invocation& invocation) {
    const auto arguments = std::make_shared<TopArguments>();
    CLI::App* verb =
        app.add_subcommand("top", "Show what goes on, again every second, until q is pressed.");
    add_running_arguments(*verb, arguments->running);
    verb->add_flag("--once", arguments->once, "Show it once; so it is where there is no terminal");
    verb->callback(
        [arguments, &invocation] { invocation.run = [arguments] { return run(*arguments); }; });
}

}  // namespace bundle
