// The user that a child runs as, and what that user can reach.
#pragma once
#include <sys/types.h>

#include <string>
#include <vector>

#include "shared/base/result.hpp"

namespace bundle {

struct Identity {
    std::string user;  // for messages
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups;
    bool changes = false;  // false: the child stays who the master is
};

// Whether this process may give its children another user.
bool may_change_user();

// `user` and `group` by name or number; empty ones stay as they are. It is an error to ask for a
// change that this process has no right to.
Result<Identity> find_identity(const std::string& user, const std::string& group);

// Groups first, then the user, after which there is no way back. Only system calls, so it is good
// between fork and exec. errno when it fails.
bool become(const Identity& identity) noexcept;

struct Owner {
    uid_t uid = static_cast<uid_t>(-1);  // -1: unchanged
    gid_t gid = static_cast<gid_t>(-1);
};
// "USER" or "USER:GROUP"; empty: unchanged.
Result<Owner> find_owner(const std::string& owner);

// A path that somebody needs, and how: R_OK, W_OK, X_OK.
struct NeededPath {
    std::string key;  // "app.shop.directory"
    std::string path;
    int access = 0;
};
// What `identity` cannot reach, one sentence each: which folder on the way is closed, and what to
// do.
std::vector<std::string> unreachable_paths(const Identity& identity,
                                           const std::vector<NeededPath>& paths);

}  // namespace bundle
