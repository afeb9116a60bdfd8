// Where the sockets of one bundle live when the file does not say.
#pragma once
#include <unistd.h>

#include <map>
#include <string>
#include <string_view>

namespace bundle {

// root: /run/bundle. Others: bundle-ID in $XDG_RUNTIME_DIR or /run/user/UID, else bundle-UID-ID in
// $TMPDIR or /tmp. ID comes from `identity`, so that two bundles of one user do not meet, and the
// command that reloads one finds it by the same file.
std::string default_run_directory(std::string_view identity, uid_t uid,
                                  const std::map<std::string, std::string>& environment);

}  // namespace bundle
