#include "frontend/files/send_file_roots.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace bundle {

namespace {

std::string without_last_slash(std::string path) {
    if (path.ends_with('/')) path.pop_back();
    return path;
}

}  // namespace

Result<SendFileRoots> SendFileRoots::open(const std::vector<std::string>& directories) {
    SendFileRoots made;
    for (const std::string& directory : directories) {
        TRY_ASSIGN(FileRoot root, FileRoot::open(directory, {}));
        made.prefixes_.push_back({without_last_slash(directory), made.roots_.size()});
        std::error_code hidden;  // its parents may be closed to us; then its spelling has to do
        const std::string real = std::filesystem::canonical(directory, hidden);
        if (!hidden && real != directory)
            made.prefixes_.push_back({without_last_slash(real), made.roots_.size()});
        made.roots_.push_back(std::move(root));
    }
    std::ranges::stable_sort(made.prefixes_, std::ranges::greater(),
                             [](const Prefix& prefix) { return prefix.path.size(); });
    return made;
}

std::optional<SendFileRoots::Place> SendFileRoots::place_of(std::string_view path) const {
    for (const Prefix& prefix : prefixes_) {
        if (!path.starts_with(prefix.path)) continue;
        const auto below = path.substr(prefix.path.size());
        if (below.starts_with('/')) return Place{&roots_[prefix.root], below};
    }
    return std::nullopt;
}

}  // namespace bundle
