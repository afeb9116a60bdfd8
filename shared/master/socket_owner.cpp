#include "shared/master/socket_owner.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace bundle {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kListening = "0A";  // TCP_LISTEN in the column "st"

std::string text_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string user_name(uid_t uid) {
    const passwd* user = getpwuid(uid);
    return user != nullptr ? user->pw_name : std::to_string(uid);
}

bool holds_socket(const fs::path& process, std::uint64_t inode) {
    const std::string wanted = fmt::format("socket:[{}]", inode);
    std::error_code error;
    for (fs::directory_iterator fd(process / "fd", error), end; !error && fd != end;
         fd.increment(error)) {
        std::error_code closed_meanwhile;
        if (fs::read_symlink(fd->path(), closed_meanwhile) == wanted) return true;
    }
    return false;
}

// The process that has held it longest, which is the one to end: its children only inherited it.
std::optional<pid_t> process_with_socket(std::uint64_t inode) {
    std::optional<pid_t> found;
    std::error_code error;
    for (fs::directory_iterator entry("/proc", error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename();
        pid_t pid = 0;
        const auto parsed = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (parsed.ec != std::errc()) continue;
        if (found && *found < pid) continue;
        if (holds_socket(entry->path(), inode)) found = pid;
    }
    return found;
}

}  // namespace

std::vector<ListeningSocket> listening_on(std::string_view table, std::uint16_t port) {
    // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode ...
    const std::string wanted_end = fmt::format(":{:04X}", port);
    std::vector<ListeningSocket> found;
    std::istringstream lines{std::string(table)};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream columns(line);
        std::string slot, local, remote, state, queues, timer, retransmits, timeout;
        ListeningSocket socket;
        columns >> slot >> local >> remote >> state >> queues >> timer >> retransmits >>
            socket.uid >> timeout >> socket.inode;
        if (columns && state == kListening && local.ends_with(wanted_end)) found.push_back(socket);
    }
    return found;
}

std::string describe_process(pid_t pid) {
    std::string name = text_of(fmt::format("/proc/{}/comm", pid));
    std::erase_if(name, [](unsigned char c) { return c < 0x20 || c >= 0x7f; });
    return name.empty() ? fmt::format("pid {}", pid) : fmt::format("{} (pid {})", name, pid);
}

std::optional<std::string> owner_of_port(std::uint16_t port) {
    std::vector<ListeningSocket> sockets = listening_on(text_of("/proc/net/tcp"), port);
    const std::vector<ListeningSocket> v6 = listening_on(text_of("/proc/net/tcp6"), port);
    sockets.insert(sockets.end(), v6.begin(), v6.end());

    for (const ListeningSocket& socket : sockets) {
        if (const auto pid = process_with_socket(socket.inode)) return describe_process(*pid);
    }
    if (sockets.empty()) return std::nullopt;
    return fmt::format("a process of user {} (as root, `ss -ltnp` names it)",
                       user_name(sockets.front().uid));
}

}  // namespace bundle
