// An nginx.conf with all that it includes.
#pragma once
#include <functional>
#include <string>

#include "shared/base/result.hpp"
#include "shared/import/findings.hpp"
#include "shared/import/nginx/directive.hpp"

namespace bundle::imported {

// The disk, or what stands in for it.
struct Files {
    std::function<Result<std::string>(const std::string& path)> read;
    // The paths that a pattern means, sorted; of a path without any, itself if it is there.
    std::function<std::vector<std::string>(const std::string& pattern)> matching;
};
Files files_of_disk();

// Includes are relative to the folder of `path`, as with nginx, or, for a file of sites-available,
// to the one above.
Result<Directives> read_nginx(const std::string& path, const Files& files, Findings& findings);

}  // namespace bundle::imported
