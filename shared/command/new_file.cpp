#include "shared/command/new_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "shared/base/owned_fd.hpp"

namespace bundle {

std::string stays(const std::filesystem::path& file) {
    return fmt::format(
        "{0} is there already, and stays as it is; `bundle check --conf {0}` says "
        "whether it is well",
        file.string());
}

Result<void> write_new(const std::filesystem::path& path, const std::string& text) {
    const OwnedFd file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!file && errno == EEXIST) return failure(stays(path));
    if (!file || write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        return system_failure("write " + path.string());
    return {};
}

}  // namespace bundle
