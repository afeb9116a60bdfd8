#include "shared/master/identity.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>

#include "shared/base/owned_fd.hpp"

namespace bundle {

namespace {

template <typename Id>
std::optional<Id> number(const std::string& text) {
    Id id{};
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, id);
    if (error != std::errc() || stopped != end) return std::nullopt;
    return id;
}

Result<const passwd*> find_user(const std::string& user) {
    const auto uid = number<uid_t>(user);
    const passwd* found = uid ? getpwuid(*uid) : getpwnam(user.c_str());
    if (found == nullptr)
        return failure(fmt::format("there is no user \"{}\" on this machine", user));
    return found;
}

Result<gid_t> find_group(const std::string& group) {
    if (const auto gid = number<gid_t>(group)) return *gid;
    const struct group* found = getgrnam(group.c_str());
    if (found == nullptr)
        return failure(fmt::format("there is no group \"{}\" on this machine", group));
    return found->gr_gid;
}

std::vector<gid_t> groups_of(const passwd& user, gid_t gid) {
    int count = 32;
    std::vector<gid_t> groups(static_cast<std::size_t>(count));
    while (getgrouplist(user.pw_name, gid, groups.data(), &count) == -1) {
        groups.resize(static_cast<std::size_t>(count));
    }
    groups.resize(static_cast<std::size_t>(count));
    return groups;
}

std::string rights_of(const std::filesystem::path& path) {
    struct stat file {};
    if (stat(path.c_str(), &file) != 0) return "?";
    const passwd* owner = getpwuid(file.st_uid);
    return fmt::format("mode {:04o}, owner {}", file.st_mode & 07777U,
                       owner != nullptr ? owner->pw_name : std::to_string(file.st_uid));
}

bool allowed(const std::filesystem::path& path, int access) {
    return faccessat(AT_FDCWD, path.c_str(), access, AT_EACCESS) == 0;
}

std::string_view what_for(int access) {
    if ((access & W_OK) != 0) return "write to";
    return (access & R_OK) != 0 ? "read" : "enter";
}

// Runs as the identity. Nothing when the path is within reach.
std::optional<std::string> reason_unreachable(const Identity& identity, const NeededPath& needed) {
    if (allowed(needed.path, needed.access)) return std::nullopt;
    const std::string problem = fmt::format("{}: ", needed.key);
    if (errno == ENOENT) return problem + fmt::format("there is no {}", needed.path);
    const std::string begin = problem + fmt::format("user {} cannot {} {}", identity.user,
                                                    what_for(needed.access), needed.path);

    std::filesystem::path way;
    for (const std::filesystem::path& part : std::filesystem::path(needed.path).parent_path()) {
        way /= part;
        if (allowed(way, X_OK)) continue;
        return begin + fmt::format(
                           ": {} is closed to that user ({}); open it with `chmod o+x {}`, or move "
                           "the files",
                           way.string(), rights_of(way), way.string());
    }
    return begin + fmt::format(" ({}); change its rights or its owner", rights_of(needed.path));
}

std::string reasons_unreachable(const Identity& identity, const std::vector<NeededPath>& paths) {
    std::string reasons;
    for (const NeededPath& path : paths) {
        if (const auto reason = reason_unreachable(identity, path)) reasons += *reason + '\n';
    }
    return reasons;
}

std::string read_to_end(const OwnedFd& fd) {
    std::string text;
    std::array<char, 4096> piece{};
    for (ssize_t got = 0; (got = read(fd.get(), piece.data(), piece.size())) > 0;) {
        text.append(piece.data(), static_cast<std::size_t>(got));
    }
    return text;
}

// There is no way back from another user, so a child goes there to look.
std::string reasons_seen_as(const Identity& identity, const std::vector<NeededPath>& paths) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return {};
    const OwnedFd from_child(ends[0]);
    OwnedFd to_master(ends[1]);
    const pid_t child = fork();
    if (child == 0) {
        if (!become(identity)) _exit(1);
        const std::string reasons = reasons_unreachable(identity, paths);
        _exit(write(to_master.get(), reasons.data(), reasons.size()) < 0 ? 1 : 0);
    }
    to_master = OwnedFd();
    std::string reasons = read_to_end(from_child);
    if (child > 0) waitpid(child, nullptr, 0);
    return reasons;
}

}  // namespace

// Root, or a service that was given just these two capabilities.
bool may_change_user() {
    constexpr unsigned kSetGid = 6, kSetUid = 7;  // linux/capability.h
    constexpr std::uint64_t kNeeded = (1U << kSetGid) | (1U << kSetUid);
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (!line.starts_with("CapEff:")) continue;
        return (std::stoull(line.substr(7), nullptr, 16) & kNeeded) == kNeeded;
    }
    return geteuid() == 0;
}

Result<Identity> find_identity(const std::string& user, const std::string& group) {
    Identity identity;
    identity.uid = geteuid();
    identity.gid = getegid();
    const passwd* account = getpwuid(identity.uid);
    if (!user.empty()) {
        TRY_ASSIGN(account, find_user(user));
        identity.uid = account->pw_uid;
        identity.gid = account->pw_gid;
    }
    if (!group.empty()) {
        TRY_ASSIGN(identity.gid, find_group(group));
    }
    identity.user = account != nullptr ? account->pw_name : std::to_string(identity.uid);
    identity.changes = identity.uid != geteuid() || identity.gid != getegid();
    if (!identity.changes) return identity;

    if (!may_change_user()) {
        return failure(fmt::format(
            "only root can start a process as user {}; start bundle as root, or take the key out",
            identity.user));
    }
    if (account != nullptr) identity.groups = groups_of(*account, identity.gid);
    return identity;
}

bool become(const Identity& identity) noexcept {
    if (!identity.changes) return true;
    return setgroups(identity.groups.size(), identity.groups.data()) == 0 &&
           setresgid(identity.gid, identity.gid, identity.gid) == 0 &&
           setresuid(identity.uid, identity.uid, identity.uid) == 0;
}

Result<Owner> find_owner(const std::string& owner) {
    Owner found;
    if (owner.empty()) return found;
    const std::size_t colon = owner.find(':');
    TRY_ASSIGN(const passwd* user, find_user(owner.substr(0, colon)));
    found.uid = user->pw_uid;
    if (colon != std::string::npos) {
        TRY_ASSIGN(found.gid, find_group(owner.substr(colon + 1)));
    }
    return found;
}

std::vector<std::string> unreachable_paths(const Identity& identity,
                                           const std::vector<NeededPath>& paths) {
    const std::string reasons =
        identity.changes ? reasons_seen_as(identity, paths) : reasons_unreachable(identity, paths);
    std::vector<std::string> list;
    for (std::size_t at = 0; at < reasons.size();) {
        const std::size_t end = reasons.find('\n', at);
        list.push_back(reasons.substr(at, end - at));
        at = end + 1;
    }
    return list;
}

}  // namespace bundle
