// The settings of a Django project, from Django itself: what is computed there cannot be read in
// the file.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <map>
#include <sstream>

#include "shared/command/init/ask_django.hpp"
#include "shared/command/init/project.hpp"
#include "shared/master/launch.hpp"

namespace bundle {

namespace {

constexpr std::chrono::seconds kPatience{30};

struct Ended {
    std::string output;
    bool well = false;
};

// What it says until its end, or until patience ends.
std::string output_of(const OwnedFd& from, pid_t pid) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    std::string output;
    std::array<char, 4096> piece{};
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        pollfd source{from.get(), POLLIN, 0};
        if (left.count() <= 0 || poll(&source, 1, static_cast<int>(left.count())) == 0) {
            kill(-pid, SIGKILL);
            return fmt::format("nothing came of it within {} s", kPatience.count());
        }
        const ssize_t got = read(from.get(), piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return output;
        output.append(piece.data(), static_cast<std::size_t>(got));
    }
}

Result<Ended> run(const std::string& program, const std::vector<std::string>& arguments) {
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
    Ended ended{output_of(from, pid), false};
    int status = 0;
    waitpid(pid, &status, 0);
    ended.well = status == 0;
    return ended;
}

// The last line that says something: of a traceback, the exception.
std::string last_line(const std::string& text) {
    std::string last;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        if (!line.empty()) last = line;
    return last.empty() ? "it ended without a word" : last;
}

std::map<std::string, std::string> answers_in(const std::string& text) {
    constexpr std::string_view kMark = "bundle:";
    std::map<std::string, std::string> answers;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t equals = line.find('=');
        if (line.starts_with(kMark) && equals != std::string::npos)
            answers.emplace(line.substr(kMark.size(), equals - kMark.size()),
                            line.substr(equals + 1));
    }
    return answers;
}

ServedFolder folder_of(const std::string& url, const std::string& root) {
    // A URL of another host is not for us.
    const bool is_ours = url.size() > 1 && url.front() == '/' && !url.starts_with("//");
    return is_ours ? ServedFolder{url, root} : ServedFolder{};
}

// "shop.wsgi.application" as "shop.wsgi:application".
std::string with_colon(std::string dotted) {
    const std::size_t dot = dotted.rfind('.');
    if (dot != std::string::npos) dotted[dot] = ':';
    return dotted;
}

}  // namespace

void ask_django(Project& project) {
    DjangoProject& django = *project.django;
    // A link, often, but it is by the name that Python finds the virtual environment.
    const std::string python =
        project.virtualenv ? (*project.virtualenv / "bin/python").string() : BUNDLE_PYTHON;
    const auto ended = run(python, {python, "-B", "-c", std::string(kAskDjango),
                                    project.directory.string(), django.settings});
    if (!ended || !ended->well) {
        django.unknown = ended ? last_line(ended->output) : ended.error().message;
        return;
    }
    auto answers = answers_in(ended->output);
    if (!answers["WSGI_APPLICATION"].empty())
        project.wsgi = with_colon(answers["WSGI_APPLICATION"]);
    django.static_files = folder_of(answers["STATIC_URL"], answers["STATIC_ROOT"]);
    django.media = folder_of(answers["MEDIA_URL"], answers["MEDIA_ROOT"]);
    django.names_have_hashes = answers["STORAGE"].find("Manifest") != std::string::npos;
    std::istringstream hosts(answers["HOSTS"]);
    for (std::string host; hosts >> host;) django.hosts.push_back(host);
}

}  // namespace bundle
